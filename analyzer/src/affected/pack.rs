//! Packages into jobs of about equal seconds, for a pipeline that may only have so many.

/// Packages that one job takes, by their index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Job {
    /// Indices of the packages, ascending.
    pub packages: Vec<usize>,
    /// The seconds of all of them.
    pub seconds: f64,
}

/// Spreads packages of these seconds over at most `most` jobs: the longest first, each to the job with the least so far
/// (LPT; Graham, "Bounds on multiprocessing timing anomalies", 1969: at most 4/3 of the best longest job). No job is empty.
/// Jobs are in the order of their first package.
pub fn pack(seconds: &[f64], most: usize) -> Vec<Job> {
    let count = most.max(1).min(seconds.len());
    let mut jobs = vec![Job::default(); count];
    let mut order: Vec<usize> = (0..seconds.len()).collect();
    order.sort_by(|&a, &b| seconds[b].total_cmp(&seconds[a]).then(a.cmp(&b)));
    for package in order {
        // Among equals the one with fewer packages, so that none stays empty.
        let least = jobs
            .iter_mut()
            .min_by(|a, b| a.seconds.total_cmp(&b.seconds).then(a.packages.len().cmp(&b.packages.len())));
        if let Some(job) = least {
            job.packages.push(package);
            job.seconds += seconds[package];
        }
    }
    for job in &mut jobs {
        job.packages.sort_unstable();
    }
    jobs.sort_by(|a, b| a.packages.cmp(&b.packages));
    jobs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_equal() {
        for (seconds, most, expected) in [
            (vec![], 4, ""),
            (vec![1.0, 2.0], 256, "[0] [1]"),
            (vec![4.0, 3.0, 3.0, 2.0], 2, "[0, 3] [1, 2]"),
            (vec![0.0, 0.0, 0.0], 2, "[0, 2] [1]"),
            (vec![5.0, 1.0, 1.0], 0, "[0, 1, 2]"),
        ] {
            let found: Vec<String> =
                pack(&seconds, most).iter().map(|job| format!("{:?}", job.packages)).collect();
            assert_eq!(found.join(" "), expected, "{seconds:?} {most}");
        }
        let many: Vec<f64> = (0..1000).map(|i| f64::from(i % 17)).collect();
        let jobs = pack(&many, 256);
        let longest = jobs.iter().map(|job| job.seconds).fold(0.0, f64::max);
        let mean = many.iter().sum::<f64>() / 256.0;
        assert!(jobs.len() == 256 && longest < mean * 4.0 / 3.0, "{longest} {mean}");
    }
}
