//! Non-negative least squares.

/// Finds `x ≥ 0` that minimises `|A x − b|² + shrinkage · Σⱼ aⱼ² (xⱼ − pⱼ)²`, where `aⱼ` is a column of `A` and
/// `pⱼ` is `prior`, or without one what the column would get by itself, divided by the number of columns.
///
/// Counts of syntax all grow with the size of a crate, so plain least squares plays them off against each other.
/// Without a prior the penalty pulls towards the mean of the models with one variable each, which is dull but sound, as
/// far as the data don't contradict it. Solved by cyclic coordinate descent, which converges to the minimum of this convex
/// problem (Franc, Hlaváč & Navara 2005, "Sequential coordinate-wise algorithm for the non-negative least squares
/// problem").
pub(crate) fn nnls(rows: &[Vec<f64>], b: &[f64], shrinkage: f64, prior: Option<&[f64]>) -> Vec<f64> {
    let columns = rows.first().map_or(0, Vec::len);
    let gram = |i: usize, j: usize| rows.iter().map(|r| r[i] * r[j]).sum::<f64>();
    let hessian: Vec<Vec<f64>> = (0..columns)
        .map(|i| (0..columns).map(|j| gram(i, j) * if i == j { 1.0 + shrinkage } else { 1.0 }).collect())
        .collect();
    let target = |j: usize| rows.iter().zip(b).map(|(r, b)| r[j] * b).sum::<f64>();
    // aⱼ² pⱼ; without a prior that is aⱼ·b / columns.
    let pull = |j: usize| match prior {
        Some(prior) => gram(j, j) * prior[j],
        None => target(j) / columns as f64,
    };
    let mut gradient: Vec<f64> = (0..columns).map(|j| -target(j) - shrinkage * pull(j)).collect();
    // Of a variable that no row has, the prior is all that is known.
    let unseen = |j: usize| if hessian[j][j] > 0.0 { 0.0 } else { prior.map_or(0.0, |prior| prior[j]) };
    let mut x: Vec<f64> = (0..columns).map(unseen).collect();
    for _ in 0..SWEEPS {
        let mut largest = 0.0_f64;
        for j in (0..columns).filter(|&j| hessian[j][j] > 0.0) {
            let next = (x[j] - gradient[j] / hessian[j][j]).max(0.0);
            let step = next - x[j];
            x[j] = next;
            for (g, h) in gradient.iter_mut().zip(&hessian[j]) {
                *g += step * h;
            }
            largest = largest.max(step.abs() * hessian[j][j].sqrt());
        }
        if largest < CONVERGED {
            break;
        }
    }
    x
}

/// The step, in units of the residual, below which the search ends.
const CONVERGED: f64 = 1e-9;

/// Sweeps over all coordinates at most; a few hundred are enough for the problems here.
const SWEEPS: usize = 2_000;

#[cfg(test)]
mod tests {
    use super::*;

    type Case<'a> = (&'a [&'a [f64]], &'a [f64], &'a [f64]);

    #[test]
    fn finds_known_minima() {
        // rows, b, x: exact, clamped at zero, over-determined.
        let cases: &[Case<'_>] = &[
            (&[&[1.0, 0.0], &[0.0, 2.0]], &[3.0, 4.0], &[3.0, 2.0]),
            (&[&[1.0, 0.0], &[0.0, 1.0]], &[3.0, -4.0], &[3.0, 0.0]),
            (&[&[1.0, 1.0], &[1.0, -1.0]], &[1.0, 3.0], &[2.0, 0.0]),
            (&[&[1.0], &[1.0], &[1.0]], &[1.0, 2.0, 6.0], &[3.0]),
        ];
        for (rows, b, expected) in cases {
            let rows: Vec<Vec<f64>> = rows.iter().map(|r| r.to_vec()).collect();
            let x = nnls(&rows, b, 0.0, None);
            for (found, wanted) in x.iter().zip(*expected) {
                assert!((found - wanted).abs() < 1e-6, "{x:?} for {b:?}");
            }
        }
        // Two copies of one column share evenly however strong the pull.
        let rows = vec![vec![1.0, 1.0], vec![2.0, 2.0]];
        for shrinkage in [0.1, 10.0, 1e6] {
            let x = nnls(&rows, &[2.0, 4.0], shrinkage, None);
            assert!((x[0] - 1.0).abs() < 1e-6 && (x[1] - 1.0).abs() < 1e-6, "{x:?}");
        }
        // A prior says which of them it is.
        let x = nnls(&rows, &[2.0, 4.0], 1e6, Some(&[2.0, 0.0]));
        assert!((x[0] - 2.0).abs() < 1e-3 && x[1].abs() < 1e-3, "{x:?}");
    }
}
