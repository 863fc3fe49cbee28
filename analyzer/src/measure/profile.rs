//! What a profile of rustc (`-Zself-profile` with the arguments of events) says about the modules of a crate.
//!
//! Events nest. An event's own time, without the events within it, belongs to the module that its name says
//! (`profile_names`), else to that of the event around it: what `typeck` of a function takes belongs to the function's
//! module, whatever queries it makes. What the first query for something foreign happens to take (decoding another crate's
//! metadata) belongs to no module.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use decodeme::stringtable::StringTable;
use decodeme::{
    CURRENT_FILE_FORMAT_VERSION, FILE_HEADER_SIZE, FILE_MAGIC_TOP_LEVEL, PageTag, RawEvent, read_file_header,
};
use measureme::StringId;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::base::read::read_given;

use super::profile_names::{Names, Owner};

/// Seconds of a crate by module.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct ModuleTimes {
    pub(super) frontend: Phase,
    pub(super) codegen: Phase,
}

/// Seconds of one half of the work.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Phase {
    /// Of everything, on all threads.
    pub(super) total_s: f64,
    /// Of each module, modules below it left out; all modules of the crate are here.
    pub(super) modules: BTreeMap<String, f64>,
}

/// The crate that was profiled.
#[derive(Debug, Clone, Copy)]
pub(super) struct Profiled<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Its root file, as rustc was given it.
    pub(super) src: &'a str,
}

/// Addresses in a profile have 32 bits.
const MOST_BYTES: u64 = 1 << 32;

/// Reads a profile.
///
/// # Errors
/// In words, if the file can't be read or is none that this program understands.
pub(super) fn read(path: &Path, krate: Profiled<'_>) -> Result<ModuleTimes, String> {
    let bytes = read_given(path, MOST_BYTES).map_err(|refused| refused.to_string())?;
    let version =
        read_file_header(&bytes, FILE_MAGIC_TOP_LEVEL, None, "profile").map_err(|e| e.to_string())?;
    if version != CURRENT_FILE_FORMAT_VERSION {
        return Err(format!(
            "profiles of version {version}; this reads version {CURRENT_FILE_FORMAT_VERSION}"
        ));
    }
    // The decoder takes what rustc writes for whole, and panics where it is cut off.
    catch_unwind(AssertUnwindSafe(|| decode(&bytes[FILE_HEADER_SIZE..], krate)))
        .unwrap_or_else(|_| Err("a profile that is cut off".to_owned()))
}

fn decode(pages: &[u8], krate: Profiled<'_>) -> Result<ModuleTimes, String> {
    let mut streams = measureme::split_streams(pages);
    let mut stream = |tag| streams.remove(&tag).ok_or_else(|| "a profile without events".to_owned());
    let (data, index, events) =
        (stream(PageTag::StringData)?, stream(PageTag::StringIndex)?, stream(PageTag::Events)?);
    let texts = StringTable::new(data, index, None).map_err(|error| error.to_string())?;
    let mut found = Events::default();
    for raw in events[FILE_HEADER_SIZE..].chunks_exact(size_of::<RawEvent>()).map(RawEvent::deserialize) {
        if !raw.is_instant() && !raw.is_integer() {
            found.push(&raw, &texts);
        }
    }
    Ok(found.attribute(krate))
}

/// An interval on a thread; nanoseconds.
struct Event {
    thread: u32,
    start: u64,
    end: u64,
    /// Into [`Events::texts`].
    text: usize,
}

#[derive(Default)]
struct Events {
    events: Vec<Event>,
    /// What is said of an event: millions of events say few thousand things.
    texts: Vec<String>,
    by_id: FxHashMap<StringId, usize>,
}

impl Events {
    fn push(&mut self, raw: &RawEvent, table: &StringTable) {
        let id = raw.event_id.to_string_id();
        let text = *self.by_id.entry(id).or_insert_with(|| {
            self.texts.push(table.get(id).to_string().into_owned());
            self.texts.len() - 1
        });
        let (start, end) = (raw.start_value(), raw.end_value());
        self.events.push(Event { thread: raw.thread_id, start, end, text });
    }

    fn attribute(mut self, krate: Profiled<'_>) -> ModuleTimes {
        let names = Names::new(krate.name, krate.src, &self.texts);
        let owners: Vec<Owner> = self.texts.iter().map(|text| names.owner(text)).collect();
        // Code is generated after the metadata has been written: what comes then is no front end.
        let generates = |e: &&Event| self.texts[e.text] == "codegen_crate";
        let border = self.events.iter().find(generates).map_or(u64::MAX, |e| e.start);
        self.events.sort_by_key(|e| (e.thread, e.start, Reverse(e.end)));
        let mut sums = Sums { modules: names.modules(), ..Sums::default() };
        let mut open: Vec<Open> = Vec::new();
        for event in &self.events {
            while open.last().is_some_and(|o| o.thread != event.thread || o.end <= event.start) {
                close(&mut open, &mut sums);
            }
            let around = open.last().map_or(Owner::Nobody, |o| o.inherited.clone());
            let own = match (&around, &owners[event.text]) {
                (Owner::NoWork, _) | (_, Owner::NoWork) => Owner::NoWork,
                (_, Owner::Around) => around,
                (_, own) => own.clone(),
            };
            if let Some(outer) = open.last_mut() {
                outer.within += event.end.min(outer.end) - event.start;
            }
            open.push(Open {
                thread: event.thread,
                start: event.start,
                end: event.end,
                within: 0,
                codegen: event.start >= border,
                // Waiting is no work, but what is done meanwhile on the same thread is.
                inherited: if own == Owner::Waiting { Owner::Nobody } else { own.clone() },
                own,
            });
        }
        while !open.is_empty() {
            close(&mut open, &mut sums);
        }
        sums.finish()
    }
}

/// An event whose end has not come.
struct Open {
    thread: u32,
    start: u64,
    end: u64,
    /// Nanoseconds of the events directly within.
    within: u64,
    codegen: bool,
    own: Owner,
    inherited: Owner,
}

#[derive(Default)]
struct Sums {
    modules: Vec<String>,
    total: [f64; 2],
    by_module: BTreeMap<(bool, usize), f64>,
}

fn close(open: &mut Vec<Open>, sums: &mut Sums) {
    let Some(event) = open.pop() else { return };
    let seconds = (event.end - event.start).saturating_sub(event.within) as f64 * 1e-9;
    match event.own {
        Owner::NoWork | Owner::Waiting => {}
        Owner::Nobody | Owner::Around => sums.total[usize::from(event.codegen)] += seconds,
        Owner::Modules(modules) => {
            sums.total[usize::from(event.codegen)] += seconds;
            for &module in modules.iter() {
                *sums.by_module.entry((event.codegen, module)).or_default() += seconds / modules.len() as f64;
            }
        }
    }
}

impl Sums {
    fn finish(self) -> ModuleTimes {
        let phase = |codegen: bool| {
            let seconds = |m: usize| self.by_module.get(&(codegen, m)).copied().unwrap_or_default();
            let modules = self.modules.iter().enumerate().map(|(m, path)| (path.clone(), seconds(m)));
            Phase { total_s: self.total[usize::from(codegen)], modules: modules.collect() }
        };
        ModuleTimes { frontend: phase(false), codegen: phase(true) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KRATE: Profiled<'_> = Profiled { name: "shop", src: "lib/src/lib.rs" };

    /// Events of a thread as `start end label|argument…`, in seconds.
    fn times(events: &[(u32, u64, u64, &str)]) -> ModuleTimes {
        let mut found = Events::default();
        for module in ["shop[1f]", "shop[1f]::a", "shop[1f]::a::b", "shop[1f]::c"] {
            found.texts.push(format!("check_mod_attrs\u{1e}LocalModDefId(DefId(0:7 ~ {module}))"));
        }
        for &(thread, start, end, text) in events {
            found.texts.push(text.replace('|', "\u{1e}"));
            let text = found.texts.len() - 1;
            let second = 1_000_000_000;
            found.events.push(Event { thread, start: start * second, end: end * second, text });
        }
        found.attribute(KRATE)
    }

    fn shown(phase: &Phase) -> String {
        let modules: Vec<String> =
            phase.modules.iter().filter(|(_, s)| **s > 0.0).map(|(m, s)| format!("{m} {s}")).collect();
        format!("{}: {}", phase.total_s, modules.join(", "))
    }

    #[test]
    fn own_time_falls_on_the_nearest_definition_around() {
        let times = times(&[
            (1, 0, 100, "analysis|()"),
            (1, 10, 50, "typeck|shop::a::f"),
            (1, 20, 30, "evaluate_obligation|CanonicalQueryInput { x: [1] }"),
            (1, 32, 42, "type_of|shop::c::{{impl}}[3]::g"),
            (1, 33, 40, "generics_of|std::vec"),
            (1, 34, 36, "metadata_decode_entry_generics_of"),
            (1, 60, 70, "mir_borrowck|shop::a::b::f::{{closure}}"),
            (1, 80, 81, "typeck|shop::main"),
        ]);
        assert_eq!(shown(&times.frontend), "100: shop 1, shop::a 30, shop::a::b 10, shop::c 3");
        assert_eq!(times.codegen.total_s, 0.0);
    }

    #[test]
    fn code_generation_falls_on_the_modules_of_its_units() {
        let times = times(&[
            (1, 0, 10, "typeck|shop::a::f"),
            (1, 10, 60, "codegen_crate"),
            (1, 12, 20, "codegen_module|shop.0f-a.volatile|30"),
            (1, 14, 16, "fn_abi_of_instance|PseudoCanonicalInput { y: [] }"),
            (1, 60, 90, "link"),
            (1, 61, 80, "link_binary"),
            (2, 12, 60, "LLVM_passes"),
            (3, 20, 30, "LLVM_module_codegen|shop.0f-a--shop.0f-c"),
            (4, 20, 27, "LLVM_module_codegen|core.0f-in-shop.0f-iter.volatile"),
            (4, 27, 28, "LLVM_module_codegen|shop.0f-fallback.cgu"),
        ]);
        assert_eq!(shown(&times.frontend), "10: shop::a 10");
        assert_eq!(shown(&times.codegen), "26: shop::a 13, shop::c 5");
    }

    #[test]
    fn a_file_that_is_no_profile_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.mm_profdata");
        let cases: [(&[u8], &str); 4] = [
            (b"", "at least"),
            (b"what is this?", "magic"),
            (b"MMPD\x01\0\0\0", "version 1;"),
            (b"MMPD\x09\0\0\0", "without events"),
        ];
        for (bytes, expected) in cases {
            std::fs::write(&path, bytes).unwrap();
            let error = read(&path, KRATE).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }
}
