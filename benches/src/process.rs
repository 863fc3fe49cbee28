//! What the operating system knows of this process, and of others.

/// The most memory this process has had resident so far, in bytes; `None` where `/proc` doesn't say.
pub(crate) fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    peak_of(&status)
}

/// The same of another process that still runs.
pub(crate) fn peak_memory_of(process: u32) -> Option<u64> {
    peak_of(&std::fs::read_to_string(format!("/proc/{process}/status")).ok()?)
}

fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Processor seconds of this process and of those it has waited for, as the kernel counts them: in hundredths.
pub(crate) fn cpu_seconds() -> Option<f64> {
    cpu_of(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// Those of the processes alone that it has waited for, and of what these have.
pub(crate) fn children_cpu_seconds() -> Option<f64> {
    children_cpu_of(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

/// Fields 14 to 17 of `proc_pid_stat(5)`: user and system time, own and children's. The second field, the name, may
/// hold spaces and ends with the last parenthesis.
fn cpu_of(stat: &str) -> Option<f64> {
    Some(ticks(stat)?.iter().sum::<u64>() as f64 / 100.0)
}

fn children_cpu_of(stat: &str) -> Option<f64> {
    let [_, _, user, system] = ticks(stat)?;
    Some((user + system) as f64 / 100.0)
}

fn ticks(stat: &str) -> Option<[u64; 4]> {
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks = fields.split_whitespace().skip(11).take(4).map(str::parse::<u64>);
    ticks.collect::<Result<Vec<_>, _>>().ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_high_water_mark() {
        assert_eq!(peak_of("VmPeak:\t  9 kB\nVmHWM:\t    1234 kB\nVmRSS:\t 1 kB\n"), Some(1_263_616));
        assert_eq!(peak_of("VmPeak:\t  9 kB\n"), None);
    }

    #[test]
    fn adds_up_user_and_system_time_of_process_and_children() {
        let stat = "7 (a b) c) R 1 1 1 0 -1 4194560 128 0 0 0 100 20 30 4 20 0 1 0 0 0";
        assert_eq!((cpu_of(stat), children_cpu_of(stat)), (Some(1.54), Some(0.34)));
        assert_eq!(cpu_of("7 (a) R 1"), None);
    }
}
