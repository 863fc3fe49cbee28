//! As much of a SCIP index as names need: which symbol stands where. The format is protocol buffers
//! (<https://github.com/sourcegraph/scip/blob/main/scip.proto>); the fields read here are named beside their numbers.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};

/// A place where a symbol is named or defined.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Occurrence<'a> {
    /// From 1.
    pub(crate) line: u64,
    pub(crate) symbol: &'a str,
    pub(crate) defines: bool,
}

/// The occurrences of each file, by its path. One file may have several documents.
pub(crate) fn read(index: &[u8]) -> anyhow::Result<BTreeMap<&str, Vec<Occurrence<'_>>>> {
    let mut files: BTreeMap<&str, Vec<Occurrence<'_>>> = BTreeMap::new();
    for field in fields(index) {
        let (2, Value::Bytes(document)) = field? else { continue }; // Index.documents
        let (path, occurrences) = read_document(document)?;
        files.entry(path).or_default().extend(occurrences);
    }
    Ok(files)
}

fn read_document(document: &[u8]) -> anyhow::Result<(&str, Vec<Occurrence<'_>>)> {
    let mut path = "";
    let mut occurrences = Vec::new();
    for field in fields(document) {
        match field? {
            (1, Value::Bytes(text)) => path = std::str::from_utf8(text)?, // Document.relative_path
            (2, Value::Bytes(bytes)) => occurrences.push(read_occurrence(bytes)?), // Document.occurrences
            _ => {}
        }
    }
    Ok((path, occurrences))
}

fn read_occurrence(bytes: &[u8]) -> anyhow::Result<Occurrence<'_>> {
    let mut occurrence = Occurrence { line: 0, symbol: "", defines: false };
    for field in fields(bytes) {
        match field? {
            (1, Value::Bytes(mut range)) => occurrence.line = varint(&mut range)? + 1, // Occurrence.range, packed
            (2, Value::Bytes(text)) => occurrence.symbol = std::str::from_utf8(text)?, // Occurrence.symbol
            (3, Value::Number(roles)) => occurrence.defines = roles & 1 != 0, // Occurrence.symbol_roles
            _ => {}
        }
    }
    Ok(occurrence)
}

/// The files that define each symbol.
pub(crate) fn definitions<'a>(
    files: &BTreeMap<&'a str, Vec<Occurrence<'a>>>,
) -> BTreeMap<&'a str, BTreeSet<&'a str>> {
    let mut definitions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, occurrences) in files {
        for occurrence in occurrences.iter().filter(|o| o.defines && !is_local(o.symbol)) {
            definitions.entry(occurrence.symbol).or_default().insert(path);
        }
    }
    definitions
}

/// Whether a symbol has a meaning in its own file only.
pub(crate) fn is_local(symbol: &str) -> bool {
    symbol.starts_with("local ")
}

/// Whether naming a symbol is no dependency on what its file holds: a module (the prefix of a path) or a parameter.
pub(crate) fn is_neutral(symbol: &str) -> bool {
    let call = symbol.ends_with("().");
    !call && !symbol.ends_with(['#', '.', '!'])
}

enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of one message, in order.
fn fields(mut rest: &[u8]) -> impl Iterator<Item = anyhow::Result<(u64, Value<'_>)>> {
    std::iter::from_fn(move || {
        if rest.is_empty() { None } else { Some(next_field(&mut rest)) }
            .map(|field| field.context("not a SCIP index"))
    })
}

fn next_field<'a>(rest: &mut &'a [u8]) -> anyhow::Result<(u64, Value<'a>)> {
    let key = varint(rest)?;
    let value = match key & 7 {
        0 => Value::Number(varint(rest)?),
        1 => Value::Bytes(take(rest, 8)?),
        2 => {
            let length = usize::try_from(varint(rest)?)?;
            Value::Bytes(take(rest, length)?)
        }
        5 => Value::Bytes(take(rest, 4)?),
        other => bail!("wire type {other}"),
    };
    Ok((key >> 3, value))
}

fn take<'a>(rest: &mut &'a [u8], length: usize) -> anyhow::Result<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(length).context("cut short")?;
    *rest = left;
    Ok(taken)
}

fn varint(rest: &mut &[u8]) -> anyhow::Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(rest, 1)?[0];
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(number);
        }
    }
    bail!("a number of more than 64 bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(field: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![field << 3 | 2, u8::try_from(content.len()).expect("short")];
        bytes.extend(content);
        bytes
    }

    #[test]
    fn occurrences_of_a_document() {
        let mut definition = message(1, &[0x80, 1, 4, 9]);
        definition.extend(message(2, b"a/f()."));
        definition.extend([3 << 3, 1]);
        let mut document = message(1, b"src/a.rs");
        document.extend(message(2, &definition));
        let index = message(2, &document);
        let files = read(&index).expect("well formed");
        assert_eq!(files["src/a.rs"], [Occurrence { line: 129, symbol: "a/f().", defines: true }]);
        assert!(definitions(&files)["a/f()."].contains("src/a.rs"));
        assert!(read(&index[..index.len() - 1]).is_err(), "cut short");
    }

    #[test]
    fn neutral_symbols() {
        for (symbol, expected) in [
            ("a/", true),
            ("a/f().", false),
            ("a/T#", false),
            ("a/T#[X]", true),
            ("a/m!", false),
            ("a/f().(x)", true),
            ("a/T#x.", false),
        ] {
            assert_eq!(is_neutral(symbol), expected, "{symbol}");
        }
    }
}
