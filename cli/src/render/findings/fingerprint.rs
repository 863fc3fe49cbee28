//! What stays the same of a finding while lines move: receivers know it again by that.

use split_analyzer::gate::Finding;

/// Thirty-two hexadecimal digits of what is found between which items; no place takes part.
pub(super) fn fingerprint(finding: &Finding) -> String {
    let key = [finding.lint.name(), &finding.from, finding.to.as_deref().unwrap_or("")].join("\u{0}");
    format!("{:016x}{:016x}", hash(key.bytes()), hash(key.bytes().rev()))
}

/// FNV-1a (Fowler, Noll, Vo): the same in every version and on every machine, which the standard library's is not.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
