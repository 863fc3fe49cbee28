//! Room for deeply nested code.

/// Bytes of stack for each parsing thread: the parser recurses. Only what is touched is ever backed by memory.
pub(super) const STACK: usize = 512 << 20;

/// Runs `work` on threads with room for deeply nested code, as many as rayon would use here.
pub fn with_deep_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(rayon::current_num_threads())
        .stack_size(STACK)
        .thread_name(|i| format!("analyse-{i}"))
        .build();
    match pool {
        Ok(pool) => pool.install(work),
        // Without a pool of its own it still works, with less room.
        Err(_) => work(),
    }
}
