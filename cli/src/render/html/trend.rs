//! The page of `trend`: a small chart for each figure, and all of them in a table. Pictures and table stand without a script; the
//! script lets a reader choose a report by mouse or by keyboard.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;
use split_analyzer::gate::{TrendPoint, TrendReport};

use super::{data, opening, text};
use crate::render::json;
use crate::render::prose::gates::{TREND_FIGURES, TrendFigure, trend_headline, trend_rows, trend_terms};

const SCRIPT: &str = concat!("\"use strict\";\n(() => {\n", include_str!("script/trend.js"), "})();\n");

const STYLE: &str = concat!(
    include_str!("style/base.css"),
    include_str!("style/charts.css"),
    include_str!("style/tables.css"),
    include_str!("style/trend.css"),
    include_str!("style/print.css"),
);

/// A chart's size in its own units, and the place of its lines within.
const SIZE: (f64, f64) = (360.0, 120.0);
const LEFT: f64 = 62.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 12.0;
/// Points are drawn as such where they stand apart.
const POINTS: usize = 60;

/// What the script needs.
#[derive(Serialize)]
struct Data<'a> {
    left: f64,
    width: f64,
    figures: Vec<&'static str>,
    points: Vec<Point<'a>>,
}

#[derive(Serialize)]
struct Point<'a> {
    label: std::borrow::Cow<'a, str>,
    values: Vec<Option<String>>,
    heights: Vec<Option<f64>>,
}

/// Writes the page.
pub(crate) fn trend(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let charts: Vec<Chart<'_>> =
        TREND_FIGURES.iter().map(|figure| Chart::new(figure, &report.points)).collect();
    let headline = text(&trend_headline(report));
    let last = report.points.len();
    out.write_all(opening(&headline, SCRIPT, STYLE).as_bytes())?;
    write!(
        out,
        "<main>\n<h1>{headline}</h1>\n\
         <p class=\"quiet\">{}</p>\n\
         <div class=\"tools choose\" hidden><label for=\"report\">Report</label>\
         <input type=\"range\" id=\"report\" min=\"1\" max=\"{last}\" value=\"{last}\">\
         <output id=\"chosen\" for=\"report\"></output></div>\n<div class=\"trends\">\n",
        text(&seconds_of(report))
    )?;
    for (at, chart) in charts.iter().enumerate() {
        out.write_all(chart.html(at).as_bytes())?;
    }
    out.write_all(b"</div>\n")?;
    table(report, out)?;
    out.write_all(b"</main>\n<script type=\"application/json\" id=\"data\">")?;
    let mut json = Vec::new();
    json::write_compact(&script_data(report, &charts), &mut json)?;
    data::escape(&json, out)?;
    write!(out, "</script>\n<script>{SCRIPT}</script>\n</body>\n</html>\n")
}

/// What the charts' seconds are of, and how to read them.
fn seconds_of(report: &TrendReport) -> String {
    format!(
        "Seconds are of `{}`, as predicted in each report. An axis begins at zero, or where its figures do if they lie close together. \
         Point at a chart, or move the slider, to choose a report.",
        report.mode.command()
    )
}

fn script_data<'a>(report: &'a TrendReport, charts: &[Chart<'_>]) -> Data<'a> {
    let point = |(at, point): (usize, &'a TrendPoint)| Point {
        label: crate::render::prose::words::clean(&point.label),
        values: charts.iter().map(|chart| chart.values[at].map(chart.figure.show)).collect(),
        heights: charts.iter().map(|chart| chart.values[at].map(|value| chart.y(value))).collect(),
    };
    Data {
        left: LEFT,
        width: SIZE.0 - LEFT - RIGHT,
        figures: charts.iter().map(|chart| chart.figure.name).collect(),
        points: report.points.iter().enumerate().map(point).collect(),
    }
}

/// One figure over all reports.
struct Chart<'a> {
    figure: &'a TrendFigure,
    values: Vec<Option<f64>>,
    low: f64,
    high: f64,
}

impl<'a> Chart<'a> {
    fn new(figure: &'a TrendFigure, points: &[TrendPoint]) -> Self {
        let values: Vec<Option<f64>> = points.iter().map(figure.value).collect();
        let known = || values.iter().flatten().copied();
        let high = known().fold(0.0, f64::max);
        let least = known().fold(high, f64::min);
        // From zero, unless all of it would be a flat line at the top: the axis says which.
        let low = if least > high / 2.0 { least - (high - least) / 4.0 } else { 0.0 };
        let high = if high > low { high } else { low + 1.0 };
        Self { figure, values, low, high }
    }

    fn x(&self, at: usize) -> f64 {
        let width = SIZE.0 - LEFT - RIGHT;
        match self.values.len() {
            0 | 1 => LEFT + width / 2.0,
            all => LEFT + width * at as f64 / (all - 1) as f64,
        }
    }

    fn y(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        ((TOP + (SIZE.1 - TOP - BOTTOM) * (1.0 - share)) * 10.0).round() / 10.0
    }

    /// What it shows, in words: the first and the last that is known, the least and the most.
    fn said(&self) -> String {
        let known: Vec<f64> = self.values.iter().flatten().copied().collect();
        let show = self.figure.show;
        let (Some(first), Some(last)) = (known.first(), known.last()) else { return "not known".to_owned() };
        let least = known.iter().copied().fold(*first, f64::min);
        let most = known.iter().copied().fold(*first, f64::max);
        if least == most {
            return format!("{} all along", show(*first));
        }
        format!("from {} to {}; least {}, most {}", show(*first), show(*last), show(least), show(most))
    }

    fn html(&self, at: usize) -> String {
        let (name, said) = (text(self.figure.name), text(&self.said()));
        let now = self.values.iter().rev().flatten().next().map(|value| (self.figure.show)(*value));
        let mut html = format!(
            "<section class=\"trend\" id=\"chart-{at}\"><h2>{name} <span class=\"now\">{}</span></h2><p>{said}</p>\n\
             <svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{name}: {said}\">",
            text(now.as_deref().unwrap_or("not known")),
            SIZE.0,
            SIZE.1
        );
        for value in [self.high, self.low] {
            let (y, shown) = (self.y(value), text(&(self.figure.show)(value)));
            let _ = write!(
                html,
                "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/>\
                 <text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{shown}</text>",
                SIZE.0 - RIGHT,
                LEFT - 6.0,
                y + 4.0
            );
        }
        let _ = write!(html, "<path class=\"trend-line\" d=\"{}\"/>", self.path());
        let alone = |at: usize| {
            let known = |at: Option<usize>| at.and_then(|at| *self.values.get(at)?).is_some();
            !known(at.checked_sub(1)) && !known(at.checked_add(1))
        };
        for (at, value) in self.values.iter().enumerate() {
            let Some(value) = value.filter(|_| self.values.len() <= POINTS || alone(at)) else { continue };
            let (x, y) = (self.x(at), self.y(value));
            let _ = write!(html, "<circle class=\"trend-point\" cx=\"{x:.1}\" cy=\"{y}\" r=\"2.5\"/>");
        }
        let (top, foot) = (TOP, SIZE.1 - BOTTOM);
        let _ = writeln!(
            html,
            "<line class=\"marker\" visibility=\"hidden\" y1=\"{top}\" y2=\"{foot}\"/>\
             <circle class=\"at-marker\" visibility=\"hidden\" r=\"4\"/></svg></section>"
        );
        html
    }

    /// A line through what is known; it is broken where a report doesn't say.
    fn path(&self) -> String {
        let mut path = String::new();
        let mut goes_on = false;
        for (at, value) in self.values.iter().enumerate() {
            if let Some(value) = value {
                let _ =
                    write!(path, "{}{:.1},{}", if goes_on { 'L' } else { 'M' }, self.x(at), self.y(*value));
            }
            goes_on = value.is_some();
        }
        path
    }
}

fn table(report: &TrendReport, out: &mut dyn Write) -> io::Result<()> {
    let (header, rows) = trend_rows(report);
    write!(
        out,
        "<h2>All figures</h2>\n<p class=\"quiet\">{}</p>\n<div class=\"table\"><div class=\"scroll\" tabindex=\"0\" role=\"region\" \
         aria-label=\"All figures\"><table><thead><tr><th scope=\"col\">report</th><th scope=\"col\">commit</th>",
        text(&trend_terms(report))
    )?;
    for name in header.into_iter().skip(1) {
        write!(out, "<th scope=\"col\" class=\"number\">{}</th>", text(name))?;
    }
    out.write_all(b"</tr></thead><tbody>\n")?;
    for (point, row) in report.points.iter().zip(rows) {
        let commit: String = point.commit.iter().flat_map(|commit| commit.chars().take(12)).collect();
        let label = row.first().map(String::as_str).unwrap_or_default();
        write!(out, "<tr><th scope=\"row\">{}</th><td><code>{}</code></td>", text(label), text(&commit))?;
        for cell in row.iter().skip(1) {
            write!(out, "<td class=\"number\">{}</td>", text(cell))?;
        }
        out.write_all(b"</tr>\n")?;
    }
    out.write_all(b"</tbody></table></div></div>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[Option<f64>]) -> Chart<'static> {
        let mut chart = Chart::new(&TREND_FIGURES[0], &[]);
        let known = || values.iter().flatten().copied();
        chart.values = values.to_vec();
        chart.high = known().fold(0.0, f64::max).max(1.0);
        chart
    }

    #[test]
    fn a_line_is_broken_where_nothing_is_known() {
        let chart = chart(&[Some(0.0), Some(4.0), None, Some(2.0)]);
        assert_eq!(chart.path(), "M62.0,108L158.0,12M350.0,60");
        let html = chart.html(0);
        assert_eq!(html.matches("trend-point").count(), 3, "{html}");
        assert!(html.contains("from 0 to 2; least 0, most 4"), "{html}");
    }

    #[test]
    fn one_report_and_none_are_drawn_too() {
        assert!(chart(&[Some(3.0)]).html(0).contains("3 all along"));
        assert!(chart(&[None, None]).html(0).contains("not known"));
        assert!(chart(&[]).path().is_empty());
    }
}
