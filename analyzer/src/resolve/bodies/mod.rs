//! Bodies: each item walked, every reference noted, what can't be followed counted.

pub(super) mod allowance;
pub(super) mod blocks;
pub(super) mod body_macros;
pub(super) mod calls;
pub(super) mod helper_paths;
pub(super) mod implied;
pub(super) mod infer;
pub(super) mod members;
pub(super) mod method_calls;
pub(super) mod overloads;
pub(super) mod patterns;
pub(super) mod state;
pub(super) mod value_paths;
pub(super) mod walked;
pub(super) mod walker;
