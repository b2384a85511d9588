//! Connections: accepting them, and keeping any of them from being in the way of the others.

use std::convert::Infallible;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

use crate::serve::answer::{Shared, answer};

/// The port when none is asked for.
pub const DEFAULT_PORT: u16 = 4000;
/// How many ports after it are tried.
const MOST_TRIED: u16 = 20;
/// More connections than this wait for one to end.
const MOST_CONNECTIONS: usize = 512;
/// A request's head has to be here after this long; also how long a connection may be idle.
const HEAD_TIMEOUT: Duration = Duration::from_secs(20);
/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;

/// Takes a port: the one that is asked for, else the first free one from the default on.
pub fn bind(host: &str, port: Option<u16>) -> anyhow::Result<TcpListener> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let bind = |port: u16| -> std::io::Result<TcpListener> {
        let addresses: Vec<SocketAddr> = (bare, port).to_socket_addrs()?.collect();
        TcpListener::bind(&addresses[..])
    };
    let is_busy = |error: &std::io::Error| error.kind() == std::io::ErrorKind::AddrInUse;
    match port {
        Some(port) => match bind(port) {
            Err(error) if is_busy(&error) => {
                bail!("port {port} is in use; stop what uses it, or choose another with `--port`")
            }
            bound => bound.with_context(|| format!("listen on `{host}`, port {port}")),
        },
        None => {
            for port in DEFAULT_PORT..=DEFAULT_PORT + MOST_TRIED {
                match bind(port) {
                    Err(error) if is_busy(&error) => {}
                    bound => return bound.with_context(|| format!("listen on `{host}`, port {port}")),
                }
            }
            bail!("the ports {DEFAULT_PORT} to {} are in use; choose another with `--port`", DEFAULT_PORT + MOST_TRIED)
        }
    }
}

/// Starts the threads that answer.
pub fn start(listener: TcpListener, shared: Arc<Shared>) -> anyhow::Result<Runtime> {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(2).thread_name("http").enable_all().build().context("start the server")?;
    listener.set_nonblocking(true).context("start the server")?;
    let listener = {
        let _inside = runtime.enter();
        tokio::net::TcpListener::from_std(listener).context("start the server")?
    };
    runtime.spawn(accept(listener, shared));
    Ok(runtime)
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>) {
    let free = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    loop {
        let Ok(place) = free.clone().acquire_owned().await else { return };
        let Ok((stream, _)) = listener.accept().await else {
            // Too many open files, most likely: some will be closed.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // A page is in several packets, none of which should wait for the next.
        let _ = stream.set_nodelay(true);
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let shared = shared.clone();
                async move { Ok::<_, Infallible>(answer(shared, request.into_parts().0).await) }
            });
            let mut connection = http1::Builder::new();
            connection.timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(LONGEST_HEAD);
            // However it ended: the browser asks again if it wants to know more.
            let _ = connection.serve_connection(TokioIo::new(stream), service).await;
            drop(place);
        });
    }
}
