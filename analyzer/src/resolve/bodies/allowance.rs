//! What the walk of one item may take.

use crate::budget::Limits;

/// Steps and tokens that are left.
#[derive(Clone, Copy, Debug)]
pub(in crate::resolve) struct Allowance {
    steps: u64,
    tokens: u64,
    ended: bool,
}

/// The part of the limits that an item gets in the first go, when all are walked in parallel: a choice. The few that need more
/// are walked again one after the other, so that what all of them may take together has a limit too.
const FIRST: u64 = 50;

/// As many items may take all that one item may: a choice.
const LARGE_ITEMS: u64 = 10;

impl Allowance {
    /// For the first go.
    pub(in crate::resolve) fn first(limits: &Limits) -> Self {
        Self { steps: limits.body_steps / FIRST, tokens: limits.body_tokens / FIRST, ended: false }
    }

    /// For all items that need more than the first go gives.
    pub(in crate::resolve) fn reserve(limits: &Limits) -> Self {
        Self {
            steps: limits.body_steps.saturating_mul(LARGE_ITEMS),
            tokens: limits.body_tokens.saturating_mul(LARGE_ITEMS),
            ended: false,
        }
    }

    /// For one item, out of the reserve; `None` if that doesn't give more than the first go did.
    pub(in crate::resolve) fn second(self, limits: &Limits) -> Option<Self> {
        let first = Self::first(limits);
        let (steps, tokens) = (self.steps.min(limits.body_steps), self.tokens.min(limits.body_tokens));
        (steps > first.steps && tokens > first.tokens).then_some(Self { steps, tokens, ended: false })
    }

    /// The reserve after an item that was given `given` has left `left`.
    pub(in crate::resolve) fn without(self, given: Self, left: Self) -> Self {
        Self {
            steps: self.steps.saturating_sub(given.steps - left.steps),
            tokens: self.tokens.saturating_sub(given.tokens - left.tokens),
            ended: self.ended,
        }
    }

    /// Whether so many steps may be made.
    pub(in crate::resolve) fn step(&mut self, steps: u64) -> bool {
        match self.steps.checked_sub(steps) {
            Some(left) => self.steps = left,
            None => (self.steps, self.ended) = (0, true),
        }
        !self.ended
    }

    /// Whether a macro may make so many tokens.
    pub(in crate::resolve) fn make(&mut self, tokens: usize) -> bool {
        match self.tokens.checked_sub(tokens as u64) {
            Some(left) => self.tokens = left,
            None => (self.tokens, self.ended) = (0, true),
        }
        !self.ended
    }

    /// Steps that are left.
    pub(in crate::resolve) fn steps(&self) -> u32 {
        u32::try_from(self.steps).unwrap_or(u32::MAX)
    }

    /// Whether there was too little.
    pub(in crate::resolve) fn ended(&self) -> bool {
        self.ended
    }
}
