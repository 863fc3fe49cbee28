//! What of a plan compiles: edits that the compiler refuses are left, and crates that do not compile apart stay one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::Done;
use super::planned::Tie;
use super::rewrite::draft::{Draft, draft};
use super::work::{Step, Work};
use crate::report::{LeftError, PlanCrateReport};

/// Drafts that the search for crates which have to stay one may try. A choice: most plans have two to five crates.
const MOST_TRIES: usize = 12;
/// Pairs that are tried one by one before it is taken for granted that several have to stay. A choice.
const MOST_OF_A_ROUND: usize = 4;

/// The best that has been found.
struct Best {
    step: Step,
    /// Errors that the package does not have as it is.
    errors: Vec<LeftError>,
    /// Whether it is what lies in the working tree.
    lies: bool,
}

impl Work<'_> {
    /// Draws a plan up, moves its files, writes and compiles them; `after_moves` is called once they have moved. Where it does
    /// not compile with methods that became traits, and what callers pass in, all of that stays what it was; where it still does
    /// not, crates stay one, those that the errors are about first, if that helps. Errors that the package has as it is don't count.
    pub(super) fn step(&mut self, mut after_moves: impl FnMut(&Self, &Draft) -> Done<()>) -> Done<Step> {
        let start = self.scratch.head()?;
        let step = self.once(&mut after_moves)?;
        let mut best = Best { errors: self.new_errors(&step), step, lies: true };
        let mut judged = true;
        while judged && !best.errors.is_empty() && !best.step.drawn.judged.is_empty() {
            let ids = best.step.drawn.judged.clone();
            let failed = ids.into_iter().map(|id| (id, "with it the code did not compile"));
            let before = self.planned.unasked.clone();
            self.planned.unasked.extend(failed);
            judged = self.is_better(&start, &mut after_moves, &mut best)?;
            if !judged {
                self.planned.unasked = before;
            }
        }
        self.tie(&start, &mut after_moves, &mut best)?;
        if best.lies {
            return Ok(best.step);
        }
        self.scratch.back_to(&start, &self.target())?;
        self.once(&mut after_moves)
    }

    /// Tries the plan as it is chosen now; whether it comes to fewer errors than the best so far, which it is then.
    fn is_better(
        &mut self,
        start: &str,
        after_moves: &mut impl FnMut(&Self, &Draft) -> Done<()>,
        best: &mut Best,
    ) -> Done<bool> {
        let Some(step) = self.tried(start, after_moves, best)? else { return Ok(false) };
        let errors = self.new_errors(&step);
        let better = errors.len() < best.errors.len();
        if better {
            *best = Best { step, errors, lies: true };
        }
        Ok(better)
    }

    /// What the plan comes to as it is chosen now; `None` where nothing would be left of it.
    fn tried(
        &mut self,
        start: &str,
        after_moves: &mut impl FnMut(&Self, &Draft) -> Done<()>,
        best: &mut Best,
    ) -> Done<Option<Step>> {
        best.lies = false;
        self.scratch.back_to(start, &self.target())?;
        if draft(&self.planned, &|path| self.text(path)).is_err() {
            return Ok(None);
        }
        // What cargo itself refuses is no better than errors.
        Ok(self.once(after_moves).ok())
    }

    /// Lets crates stay one until no errors are left: a pair that leaves fewer, else the likeliest one; none of them where
    /// errors are left all the same.
    fn tie(
        &mut self,
        start: &str,
        after_moves: &mut impl FnMut(&Self, &Draft) -> Done<()>,
        best: &mut Best,
    ) -> Done<()> {
        // What is new is not known where what was there before isn't.
        if best.errors.is_empty() || self.asked.keep_apart || self.errors_before().is_err() {
            return Ok(());
        }
        let mut tries = 0;
        while !best.errors.is_empty() && best.step.drawn.crates.len() > 1 && tries < MOST_TRIES {
            let suspects = self.suspects(best);
            let mut better: Option<(Tie, usize)> = None;
            for crates in suspects.iter().take(MOST_OF_A_ROUND.min(MOST_TRIES - tries)) {
                tries += 1;
                let tie = self.tied(best, crates);
                self.planned.tied.push(tie.clone());
                let found = self.tried(start, after_moves, best)?.map(|step| (self.new_errors(&step), step));
                match found {
                    Some((errors, step)) if errors.is_empty() => {
                        *best = Best { step, errors, lies: true };
                        return Ok(());
                    }
                    Some((errors, _))
                        if errors.len() < better.as_ref().map_or(best.errors.len(), |b| b.1) =>
                    {
                        better = Some((tie, errors.len()));
                    }
                    _ => {}
                }
                self.planned.tied.pop();
            }
            // An error may hide others, and one crate more may have to stay with the package.
            let package = &self.planned.package;
            let of_package = suspects.iter().find(|crates| crates.contains(package));
            let likely = of_package.or(suspects.first()).map(|crates| self.tied(best, crates));
            let Some(tie) = better.map(|(tie, _)| tie).or(likely).filter(|_| tries < MOST_TRIES) else {
                break;
            };
            tries += 1;
            self.planned.tied.push(tie);
            let Some(step) = self.tried(start, after_moves, best)? else { break };
            *best = Best { errors: self.new_errors(&step), step, lies: true };
        }
        if !best.errors.is_empty() && !self.planned.tied.is_empty() {
            // What is left has to be mended by hand anyway, and with all crates there.
            self.planned.tied.clear();
            best.lies = false;
        }
        Ok(())
    }

    /// Pairs of crates that may not compile apart, those first that errors in one of them name, then those that leave most
    /// crates of the plan apart.
    fn suspects(&self, best: &Best) -> Vec<[String; 2]> {
        let crates = &best.step.drawn.crates;
        let package = &self.planned.package;
        let mut named: BTreeMap<[String; 2], usize> = BTreeMap::new();
        for error in &best.errors {
            let here = self.crate_of(best, error).unwrap_or(package);
            for other in crates.keys().chain([package]).filter(|other| *other != here) {
                let mut pair = [here.clone(), other.clone()];
                pair.sort();
                *named.entry(pair).or_default() += usize::from(names(&error.message, other));
            }
        }
        let mut pairs: Vec<([String; 2], usize)> = named.into_iter().collect();
        pairs.sort_by_cached_key(|(pair, named)| (Reverse(*named), self.lost(pair)));
        pairs.into_iter().map(|(pair, _)| pair).collect()
    }

    /// How many crates of the plan stay one with a pair of them: those on the way from one to the other.
    fn lost(&self, pair: &[String; 2]) -> usize {
        let crates = &self.planned.plan.crates;
        let below = pair.each_ref().map(|krate| reached(crates, krate));
        let between = |krate: &str| {
            let reaches = reached(crates, krate);
            [0, 1]
                .into_iter()
                .any(|one| below[one].contains(krate) && reaches.contains(pair[1 - one].as_str()))
        };
        crates.iter().filter(|krate| pair.contains(&krate.name) || between(&krate.name)).count()
    }

    /// The new crate that an error stands in.
    fn crate_of<'b>(&self, best: &'b Best, error: &LeftError) -> Option<&'b String> {
        let path = self.dir.join(&error.file);
        let around = best.step.drawn.crates.iter().filter(|(_, dir)| path.starts_with(dir));
        around.max_by_key(|(_, dir)| dir.components().count()).map(|(name, _)| name)
    }

    /// A pair with an error that keeps it together, in the file that the user has.
    fn tied(&self, best: &Best, crates: &[String; 2]) -> Tie {
        let package = &self.planned.package;
        let stands = |error: &&LeftError| crates.contains(self.crate_of(best, error).unwrap_or(package));
        let mut errors = best.errors.iter().filter(stands);
        let other = |error: &LeftError| crates.iter().any(|krate| names(&error.message, krate));
        let first = errors.clone().find(|error| other(error)).or_else(|| errors.next());
        let mut error = first.or(best.errors.first()).cloned().unwrap_or_default();
        let path = self.dir.join(&error.file);
        if let Some((from, _)) = best.step.drawn.renames.iter().find(|(_, to)| *to == path) {
            error.file = from.strip_prefix(&self.dir).unwrap_or(from).display().to_string();
        }
        Tie { crates: crates.clone(), because: error }
    }

    /// Errors that the package does not have as it is.
    fn new_errors(&self, step: &Step) -> Vec<LeftError> {
        if step.compiled.compiles != Some(false) {
            return Vec::new();
        }
        let mut before: BTreeMap<[String; 2], usize> = BTreeMap::new();
        let key = |error: &LeftError| [error.code.clone(), error.message.clone()];
        for error in self.errors_before().into_iter().flatten() {
            *before.entry(key(error)).or_default() += 1;
        }
        let is_new = |error: &&LeftError| match before.get_mut(&key(error)) {
            Some(count @ 1..) => {
                *count -= 1;
                false
            }
            _ => true,
        };
        step.compiled.errors.iter().filter(is_new).cloned().collect()
    }
}

/// The crates of a plan that one of them needs, itself among them.
fn reached<'p>(crates: &'p [PlanCrateReport], from: &'p str) -> BTreeSet<&'p str> {
    let mut reached = BTreeSet::from([from]);
    let mut next = vec![from];
    while let Some(name) = next.pop() {
        let of = crates.iter().filter(|krate| krate.name == name);
        let deps = of.flat_map(|krate| &krate.depends_on).map(String::as_str);
        next.extend(deps.filter(|dep| reached.insert(dep)));
    }
    reached
}

/// Whether a sentence of the compiler names a crate.
fn names(message: &str, krate: &str) -> bool {
    let name = krate.replace('-', "_");
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    message
        .match_indices(&name)
        .any(|(at, _)| !message[..at].ends_with(is_part) && !message[at + name.len()..].starts_with(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_a_crate_by_its_whole_name() {
        let said = "unresolved import `shop_core::text`";
        assert!(names(said, "shop-core"));
        assert!(!names(said, "shop"));
        assert!(!names("no method named `shop_core_2`", "shop-core"));
    }
}
