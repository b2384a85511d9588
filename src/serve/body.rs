//! What a response carries: bytes that are there, or bytes that come one after the other.

use std::convert::Infallible;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body as HttpBody, Bytes, Frame, SizeHint};
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Bytes of a file that are read at a time.
const CHUNK: u64 = 64 * 1024;

/// A response's body.
#[derive(Debug)]
pub enum Body {
    /// All of it.
    Whole(Option<Bytes>),
    /// Whatever is sent, until the sender is dropped; the second is how much that will be, when it is known.
    Stream(Receiver<Bytes>, Option<u64>),
}

impl Body {
    /// A body without end, and where to put its bytes.
    pub fn stream() -> (Sender<Bytes>, Body) {
        let (sender, receiver) = channel(8);
        (sender, Body::Stream(receiver, None))
    }

    /// `length` bytes of a file, from `start`. They are read while they are sent, however large the file is.
    pub fn of_file(mut file: File, start: u64, length: u64) -> Body {
        let (sender, receiver) = channel::<Bytes>(2);
        tokio::task::spawn_blocking(move || {
            if start > 0 && file.seek(SeekFrom::Start(start)).is_err() {
                return;
            }
            let mut left = length;
            while left > 0 {
                let mut chunk = Vec::with_capacity(CHUNK.min(left) as usize);
                let read = (&mut file).take(CHUNK.min(left)).read_to_end(&mut chunk);
                // A file that got shorter ends the connection: the reader sees that bytes are missing.
                if read.is_err() || chunk.is_empty() {
                    return;
                }
                left -= chunk.len() as u64;
                if sender.blocking_send(Bytes::from(chunk)).is_err() {
                    return;
                }
            }
        });
        Body::Stream(receiver, Some(length))
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Body::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Body::Stream(receiver, _) => {
                receiver.poll_recv(context).map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Body::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Body::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Body::Stream(_, Some(length)) => SizeHint::with_exact(*length),
            Body::Stream(_, None) => SizeHint::default(),
        }
    }
}
