//! A web server of one page a path, each with its own bad manners; it counts what it is asked and how much at once.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

/// What the server does with a request.
#[derive(Clone, Copy)]
pub enum Act {
    /// Sends this and closes; `{here}` is the server's own address, `http://127.0.0.1:…`.
    Say(&'static str),
    /// The same, after a while.
    SayLate(Duration, &'static str),
    /// Says nothing until the other side gives up.
    Hang,
    /// A page of 400 MB, or as much of it as is taken.
    Flood,
    /// A head of 8 MB, which does not end.
    EndlessHead,
}

/// A server on a loopback port; its threads end with their connections, the listener's with the process.
pub struct Server {
    pub address: SocketAddr,
    asked: Arc<Mutex<Asked>>,
    /// Bytes of each page that flooded.
    pub floods: mpsc::Receiver<usize>,
}

#[derive(Default)]
struct Asked {
    requests: Vec<String>,
    /// Under way, by host name and in all: now, and at most.
    at_once: HashMap<String, (usize, usize)>,
}

impl Server {
    /// `act` is given the method and the path.
    pub fn start(act: fn(&str, &str) -> Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::<Mutex<Asked>>::default());
        let (flooded, floods) = mpsc::channel();
        let seen = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (seen, flooded) = (Arc::clone(&seen), flooded.clone());
                thread::spawn(move || serve(stream.unwrap(), address, &seen, &flooded, act));
            }
        });
        Server { address, asked, floods }
    }

    /// The address of a page, by a host name that the tests' lookup knows.
    pub fn url(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.address.port())
    }

    /// `METHOD /path` of each request since the last call.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap().requests)
    }

    /// How many requests there were at once, at most: for one host, or for all by the name "".
    pub fn most_at_once(&self, host: &str) -> usize {
        self.asked.lock().unwrap().at_once[host].1
    }
}

fn serve(
    mut stream: TcpStream,
    address: SocketAddr,
    asked: &Mutex<Asked>,
    flooded: &mpsc::Sender<usize>,
    act: fn(&str, &str) -> Act,
) {
    let head: Vec<String> = BufReader::new(&stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    // What is no HTTP (the beginning of TLS) is not answered.
    let Some((method, rest)) = head.first().and_then(|line| line.split_once(' ')) else { return };
    let Some((path, "HTTP/1.1")) = rest.split_once(' ') else { return };
    let host = head.iter().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let hosts = [host.rsplit_once(':').unwrap().0.to_owned(), String::new()];
    {
        let mut asked = asked.lock().unwrap();
        asked.requests.push(format!("{method} {path}"));
        for host in &hosts {
            let (now, most) = asked.at_once.entry(host.clone()).or_default();
            *now += 1;
            *most = (*most).max(*now);
        }
    }
    let act = act(method, path);
    if let Act::SayLate(wait, _) = act {
        thread::sleep(wait);
    }
    // Before the answer: with its last byte the other side may begin anew.
    for host in &hosts {
        asked.lock().unwrap().at_once.get_mut(host).unwrap().0 -= 1;
    }
    match act {
        Act::Say(text) | Act::SayLate(_, text) => {
            let text = text.replace("{here}", &format!("http://{address}"));
            let (status, headers) = text.split_once('\n').unwrap_or((&text, ""));
            let headers: String = headers.lines().flat_map(|line| [line, "\r\n"]).collect();
            let _ = write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n{headers}\r\n");
        }
        Act::Hang => drop(BufReader::new(stream).read_line(&mut String::new())),
        Act::Flood => {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 400000000\r\n\r\n");
            flooded.send(poured(&mut stream, 400_000_000)).unwrap();
        }
        Act::EndlessHead => {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nx: ");
            poured(&mut stream, 8_000_000);
        }
    }
}

/// Writes so many bytes, or as many as are taken; says how many.
fn poured(stream: &mut TcpStream, bytes: usize) -> usize {
    let chunk = [b'a'; 10_000];
    (0..bytes).step_by(chunk.len()).take_while(|_| stream.write_all(&chunk).is_ok()).count() * chunk.len()
}
