//! A WebSocket to a browser on this machine: <https://www.rfc-editor.org/rfc/rfc6455>, as far as it takes.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A connection that carries texts.
pub struct Socket {
    reader: BufReader<TcpStream>,
    writer: TcpStream,
}

impl Socket {
    /// Connects to an address such as `ws://127.0.0.1:1234/devtools/browser/…`.
    pub fn connect(url: &str) -> Socket {
        let (host, path) = url.trim_start_matches("ws://").split_once('/').expect("an address with a path");
        let mut writer = TcpStream::connect(host).expect("a connection to the browser");
        writer.set_read_timeout(Some(Duration::from_secs(60))).expect("a limit to waiting");
        let ask = format!(
            "GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        writer.write_all(ask.as_bytes()).expect("the browser listens");
        let mut reader = BufReader::new(writer.try_clone().expect("a second handle"));
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            reader.read_exact(&mut byte).expect("the browser answers");
            head.push(byte[0]);
        }
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        Socket { reader, writer }
    }

    /// Sends a text.
    pub fn send(&mut self, text: &str) {
        self.frame(1, text.as_bytes());
    }

    /// The next text.
    pub fn receive(&mut self) -> String {
        let mut message = Vec::new();
        loop {
            let (kind, is_last, data) = self.next().expect("the browser is still there");
            match kind {
                8 => panic!("the browser has closed the connection"),
                9 => self.frame(10, &data),
                10 => {}
                _ => message.extend(data),
            }
            if is_last && kind < 8 {
                return String::from_utf8(message).expect("text");
            }
        }
    }

    /// Reads until the other side has closed the connection.
    pub fn drain(&mut self) {
        while self.next().is_some_and(|(kind, ..)| kind != 8) {}
    }

    /// Every frame from a client carries a mask; one of zeros leaves the bytes as they are.
    fn frame(&mut self, kind: u8, data: &[u8]) {
        let mut frame = vec![0x80 | kind];
        match data.len() {
            n @ 0..=125 => frame.push(0x80 | n as u8),
            n @ 126..=0xffff => {
                frame.push(0x80 | 126);
                frame.extend((n as u16).to_be_bytes());
            }
            n => {
                frame.push(0x80 | 127);
                frame.extend((n as u64).to_be_bytes());
            }
        }
        frame.extend([0; 4]);
        frame.extend(data);
        // When nobody listens any more, the next answer will be missed.
        let _ = self.writer.write_all(&frame);
    }

    fn next(&mut self) -> Option<(u8, bool, Vec<u8>)> {
        let [first, second] = self.bytes()?;
        let length = match second & 0x7f {
            126 => u16::from_be_bytes(self.bytes()?) as usize,
            127 => u64::from_be_bytes(self.bytes()?) as usize,
            n => n as usize,
        };
        let mut data = vec![0; length];
        self.reader.read_exact(&mut data).ok()?;
        Some((first & 0x0f, first & 0x80 != 0, data))
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes).ok()?;
        Some(bytes)
    }
}
