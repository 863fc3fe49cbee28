//! How the stand-in of `scheduler` generates code: threads that sleep, each with a token of cargo's jobserver.
//!
//! As rustc does it (`rustc_codegen_ssa/src/back/write.rs`): one thread runs on the token that cargo started the process
//! with, a token is asked for for each code-generation unit, and one that comes when no unit is left goes back at once.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread::{scope, sleep};
use std::time::Duration;

use anyhow::Context;
use jobserver::{Acquired, Client};

enum Message {
    Token(std::io::Result<Acquired>),
    /// A thread found no unit left.
    Idle,
}

/// Sleeps `all` in `units` equal parts, on as many threads as there are tokens for.
pub(crate) fn generate(all: Duration, units: u32) -> anyhow::Result<()> {
    if units <= 1 {
        sleep(all);
        return Ok(());
    }
    let each = all / units;
    let left = AtomicU32::new(units);
    let take = || left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok();
    let (send, messages) = mpsc::channel();
    let tokens = send.clone();
    let helper = client()?.into_helper_thread(move |token| drop(tokens.send(Message::Token(token))))?;
    for _ in 0..units {
        helper.request_token();
    }
    scope(|threads| {
        let work = |token: Option<Acquired>, send: mpsc::Sender<Message>| {
            while take() {
                sleep(each);
            }
            drop(token);
            let _ = send.send(Message::Idle);
        };
        let first = send.clone();
        threads.spawn(move || work(None, first));
        let mut running = 1;
        while running > 0 {
            match messages.recv()? {
                Message::Idle => running -= 1,
                Message::Token(token) => {
                    let token = token?;
                    if left.load(Ordering::Relaxed) > 0 {
                        running += 1;
                        let send = send.clone();
                        threads.spawn(move || work(Some(token), send));
                    }
                }
            }
        }
        Ok(())
    })
}

/// The jobserver that cargo names in the environment.
fn client() -> anyhow::Result<Client> {
    #[expect(
        unsafe_code,
        reason = "cargo passes open file descriptors by number, and nothing else here uses them"
    )]
    // SAFETY: called once in a process, before it has opened a file that it keeps.
    let client = unsafe { Client::from_env() };
    client.context("no jobserver in the environment")
}
