//! Quantiles, ranks and the like.

/// A name's part of a number of parts, the same on every machine (FNV-1a).
pub(crate) fn fold(name: &str, folds: usize) -> usize {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 32) as usize % folds
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(crate) fn median(values: impl Iterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

pub(crate) fn quantile(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get((share * last as f64).round() as usize).copied().unwrap_or_default()
}

/// What a share of further values of the same kind are not above: of `n` values the `⌈share × (n + 1)⌉`th (split conformal
/// prediction; Lei, G'Sell, Rinaldo, Tibshirani & Wasserman 2018, "Distribution-Free Predictive Inference for Regression"). The plain quantile of few
/// values holds too few.
pub(crate) fn bound(values: impl Iterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * (sorted.len() + 1) as f64).ceil() as usize;
    sorted.get(rank.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or_default()
}

pub(crate) fn ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    values
        .iter()
        .map(|v| {
            let below = values.iter().filter(|o| *o < v).count();
            let same = values.iter().filter(|o| *o == v).count();
            below as f64 + (same as f64 - 1.0) / 2.0
        })
        .collect()
}

pub(crate) fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len().max(1) as f64;
    let (ma, mb) = (mean(a), mean(b));
    let covariance = |x: &[f64], mx: f64, y: &[f64], my: f64| {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>()
    };
    covariance(a, ma, b, mb) / (covariance(a, ma, a, ma) * covariance(b, mb, b, mb)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_bound_little() {
        let of = |n: u32| bound((1..=n).map(f64::from), 0.8);
        for (values, expected) in [(1, 1.0), (4, 4.0), (8, 8.0), (9, 8.0), (14, 12.0), (99, 80.0)] {
            assert_eq!(of(values), expected, "{values}");
        }
    }

    #[test]
    fn statistics_of_small_samples() {
        assert_eq!(median([3.0, 1.0, 2.0].into_iter()), 2.0);
        assert_eq!(quantile([1.0, 2.0, 3.0, 4.0, 5.0, 6.0].into_iter(), 0.8), 5.0);
        assert_eq!(ranks([5.0, 1.0, 5.0].into_iter()), [1.5, 0.0, 1.5]);
        assert!((correlation(&[0.0, 1.0, 2.0], &[4.0, 2.0, 0.0]) + 1.0).abs() < 1e-12);
    }
}
