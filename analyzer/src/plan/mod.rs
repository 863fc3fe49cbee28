//! Candidates, effort, evaluation by simulation, verdict. Knows every stage before it.

mod model;

pub use model::{
    Blocker, Candidate, Cause, CauseKind, Cut, Deployable, Fix, Interval, PackageAdvice, Plan, PlanCrate,
    Saving, Scenario, Verdict, VerdictKind, Widening,
};
