//! The answer of `measure`: what was built, and what took longest.

use std::io::{self, Write};

use split_analyzer::cost::measured::{CostsFile, ModuleCost, UnitCost, UnitMode, UnitStatus};
use split_analyzer::measure::Invocation;

use super::{BOLD, Rows, Screen, labelled, paragraph};
use crate::render::prose::words::{clean, counted, seconds};

/// Units that are shown.
const SHOWN: usize = 10;

/// Writes totals and the units that took most processor time.
pub(crate) fn measurement(costs: &CostsFile, file: &str, out: &mut Screen<'_>) -> io::Result<()> {
    let done: Vec<&UnitCost> = costs.units.iter().filter(|u| u.status == UnitStatus::Done).collect();
    let all_s: f64 = done.iter().map(|u| cpu_s(u)).sum();
    let members = done.iter().filter(|u| u.member == Some(true));
    let own_s: f64 = members.map(|u| cpu_s(u)).sum();
    let wall_s = costs.build.wall_s.unwrap_or_default();
    let headline = format!(
        "Measured {} in {} with {}: {} of processor time, {} of it in the workspace's own crates.",
        counted(done.len() as u64, "unit"),
        seconds(wall_s),
        counted(costs.build.jobs.unwrap_or(1), "job"),
        seconds(all_s),
        seconds(own_s),
    );
    paragraph(out, 0, BOLD, &headline)?;
    writeln!(out)?;
    slowest(&done, out)?;
    writeln!(out)?;
    if !costs.modules.is_empty() {
        modules(costs, out)?;
        writeln!(out)?;
    }
    labelled(out, "Written", &format!("{file}: give it to simulate, what-if or analyze as --costs"))
}

fn slowest(done: &[&UnitCost], out: &mut Screen<'_>) -> io::Result<()> {
    let mut units = done.to_vec();
    units.sort_by(|a, b| cpu_s(b).total_cmp(&cpu_s(a)));
    let rows = units.iter().take(SHOWN).map(|unit| {
        let cpu = unit.cpu.unwrap_or_default();
        let compiles = unit.mode != UnitMode::Run;
        let part = |s: f64| if compiles && s > 0.0 { seconds(s) } else { "–".to_owned() };
        let memory = unit.peak_memory_bytes.map(|b| format!("{} MB", b / (1 << 20))).unwrap_or_default();
        vec![
            unit.title(),
            unit.duration_s().map(seconds).unwrap_or_default(),
            part(cpu.frontend_s),
            part(cpu.codegen_s),
            part(cpu.link_s),
            memory,
        ]
    });
    let header = ["unit", "wall", "front end", "code", "linking", "memory"];
    Rows { header: &header, rows: rows.collect(), numbers: &[1, 2, 3, 4, 5] }.write(out, 2)
}

fn modules(costs: &CostsFile, out: &mut Screen<'_>) -> io::Result<()> {
    let total_s = |m: &ModuleCost| m.frontend_s + m.codegen_s;
    let mut all: Vec<&ModuleCost> = costs.modules.iter().collect();
    all.sort_by(|a, b| total_s(b).total_cmp(&total_s(a)));
    let part = |s: f64| if s > 0.0 { seconds(s) } else { "–".to_owned() };
    let rows = all.iter().take(SHOWN);
    let rows = rows.map(|m| {
        vec![m.path.clone(), m.package.clone(), part(total_s(m)), part(m.frontend_s), part(m.codegen_s)]
    });
    let header = ["module", "package", "all", "front end", "code"];
    Rows { header: &header, rows: rows.collect(), numbers: &[2, 3, 4] }.write(out, 2)
}

fn cpu_s(unit: &UnitCost) -> f64 {
    unit.cpu.map(|c| c.total_s()).or(unit.duration_s()).unwrap_or_default()
}

/// Writes a command as it could be typed into a shell.
pub(crate) fn invocation(invocation: &Invocation, out: &mut Screen<'_>) -> io::Result<()> {
    writeln!(out, "cd {}", word(&invocation.dir.display().to_string()))?;
    for (name, value) in &invocation.environment {
        writeln!(out, "{name}={} \\", word(&value.to_string_lossy()))?;
    }
    let command: Vec<String> = invocation.command.iter().map(|w| word(&w.to_string_lossy())).collect();
    writeln!(out, "{}", command.join(" "))?;
    match &invocation.rustc {
        Some(rustc) => writeln!(out, "# for the workspace's own crates then: {}", clean(rustc)),
        None => Ok(()),
    }
}

/// A word of a shell command, quoted if needed.
fn word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "/-_.=:,+…".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", clean(text).replace('\'', r"'\''"))
}
