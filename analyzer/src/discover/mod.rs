//! Finds workspaces, packages, targets, features and lock files. The only stage that runs cargo or walks the tree.

mod cfg;
mod model;

pub use cfg::{CfgExpr, eval_cfg, target_applies};
pub use model::{
    CfgSet, Dependency, DependencyKind, Edition, LockedPackage, Package, Profile, Repository, Target,
    TargetKind, Workspace,
};
