//! L(t): what is in the system while the rate changes, or from a level on, with the fluid beside it.

use super::given::{Given, listed};
use super::{QuestionError, further};
use crate::fluid::{self, CapacityPiece, Curve, Fluid, ServiceLaw};
use crate::model::Servers;
use crate::report::json::{SCHEMA_VERSION, to_text};
use crate::theory::{ModelError, RateRamp, ServerStretch, TransientMmc};
use crate::time::{Span, Time};
use crate::units::{show_count, show_rate, show_seconds, show_share, write_duration};
use crate::workload::{Arrivals, Distribution, RatePiece};
use serde::Serialize;
use std::collections::BTreeSet;

/// Lines of a table, at most, besides its first.
const ROWS_MOST: u64 = 24;
/// Steps between two times, whatever they are, at which the peak is looked for.
const LOOKS: u64 = 4;
/// Steps about the highest of these, at which it is looked for again.
const CLOSER_LOOKS: u64 = 32;
/// A peak that is so little above where all ends is none.
const NOTABLE: f64 = 1.001;
/// Steps from line to line that people like, in seconds; longer ones are whole days.
const STEPS: [u64; 18] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400,
];

/// The law of L at some times.
#[derive(Debug)]
pub(super) struct OverTime {
    name: String,
    assumptions: Vec<String>,
    start: u64,
    horizon: Span,
    rows: Vec<Row>,
    /// The highest of all that were looked at.
    peak: Row,
    fluid_peak: (Time, f64),
    /// λ(t) above capacity, from when until when.
    overload: Vec<(Time, Time)>,
}

/// What is known of one time.
#[derive(Clone, Copy, Debug, Serialize)]
struct Row {
    time_s: f64,
    arrivals_per_s: f64,
    total_mean: f64,
    ready_mean: f64,
    p_all_busy: f64,
    total_fluid: f64,
}

/// What is followed: λ(t) and c exponential servers.
struct Followed {
    pieces: Vec<RatePiece>,
    service_mean: f64,
    servers: u64,
}

pub(super) fn answer(given: &Given<'_>) -> Result<OverTime, QuestionError> {
    let line = &given.line;
    let Some(horizon) = given.horizon else {
        let message = "how far time is to be followed is not said; give --horizon 24h";
        return Err(QuestionError::rule("--horizon", message));
    };
    let end = Time::ZERO + horizon;
    let name = line.name();
    let followed = followed(given, end).map_err(|why| {
        let message =
            format!("no formula is known here over time, since {why}; simulate it: queuelab init");
        QuestionError::rule(&name, message)
    })?;
    let refused = |error: ModelError| QuestionError::rule(&name, error.to_string());
    let model = followed.model(given).map_err(refused)?;
    let capacity = [CapacityPiece {
        start: Time::ZERO,
        end,
        servers: followed.servers as f64,
        service_rate: followed.service_mean.recip(),
        limit: line.places.map(|places| places as f64),
    }];
    let fluid = fluid::integrate(&Fluid {
        arrivals: &followed.pieces,
        capacity: &capacity,
        law: ServiceLaw::PerServer,
        initial: given.start as f64,
        start: Time::ZERO,
        end,
    });
    let overload = fluid::saturated(&followed.pieces, &capacity);
    let walk = Walk {
        model: &model,
        arrivals: &line.arrivals,
        fluid: &fluid,
    };
    let table = table_times(horizon);
    let changes = followed.pieces.iter().map(|piece| piece.end);
    let stretches = overload.iter().flat_map(|(from, to)| [*from, *to]);
    let corners = changes.chain(stretches).chain([fluid.peak().0]);
    let corners = corners.filter(|time| *time <= end);
    let looks = refined(table.iter().copied().chain(corners), LOOKS);
    let rows = walk.rows(&looks).map_err(refused)?;
    let peak = walk.peak(&looks, &rows).map_err(refused)?;
    let is_of_table = |(time, _): &(&Time, Row)| table.contains(time);
    let of_table = looks.iter().zip(rows).filter(is_of_table);
    Ok(OverTime {
        name: if matches!(line.arrivals, Arrivals::Profile(_)) {
            name
        } else {
            format!("{name} over time")
        },
        assumptions: given.assumptions.clone(),
        start: given.start,
        horizon,
        rows: of_table.map(|(_, row)| row).collect(),
        peak,
        fluid_peak: fluid.peak(),
        overload,
    })
}

/// The parts that there is a formula for, or a clause that says what is in the way.
fn followed(given: &Given<'_>, end: Time) -> Result<Followed, &'static str> {
    let line = &given.line;
    if further::is_asked(given.asked) {
        return Err("there are priorities, retries, breakdowns or branches");
    }
    if line.batch.mean() > 1.0 || !line.batch.is_constant() {
        return Err("messages come in batches");
    }
    if line.patience.is_some() {
        return Err("messages leave");
    }
    let pieces = line
        .arrivals
        .pieces(end)
        .filter(|_| is_poisson(&line.arrivals));
    let pieces = pieces.ok_or("arrivals are not Poisson")?;
    let Distribution::Exponential { mean } = line.service else {
        return Err("service is not exponential");
    };
    let Servers::Count(servers) = line.servers else {
        return Err("nobody waits for a server");
    };
    Ok(Followed {
        pieces,
        service_mean: mean,
        servers,
    })
}

fn is_poisson(arrivals: &Arrivals) -> bool {
    match arrivals {
        Arrivals::Poisson { .. } | Arrivals::Profile(_) => true,
        Arrivals::Renewal { gaps } => matches!(gaps, Distribution::Exponential { .. }),
        Arrivals::Mmpp(_) | Arrivals::Listed { .. } | Arrivals::Closed { .. } => false,
    }
}

impl Followed {
    fn model(&self, given: &Given<'_>) -> Result<TransientMmc, ModelError> {
        let ramps = self.pieces.iter().map(|piece| RateRamp {
            start: piece.start.as_secs_f64(),
            end: piece.end.as_secs_f64(),
            rate_start: piece.rate_start,
            rate_end: piece.rate_end,
        });
        let stretch = ServerStretch {
            start: 0.0,
            end: f64::INFINITY,
            servers: self.servers,
        };
        let model = TransientMmc::new(ramps.collect(), self.service_mean.recip(), vec![stretch])?;
        let model = model.starting_at(given.start);
        Ok(match given.line.places {
            Some(places) => model.with_places(places),
            None => model,
        })
    }
}

/// The lines of the table, from 0 to the horizon.
fn table_times(horizon: Span) -> BTreeSet<Time> {
    let step = step(horizon);
    let end = Time::ZERO + horizon;
    let steps = std::iter::successors(Some(Time::ZERO), |time| Some(*time + step));
    let before_the_end = steps.take_while(|time| *time < end);
    before_the_end.chain([end]).collect()
}

/// These times, and between each two of them steps of equal width, `steps` in all.
fn refined(times: impl IntoIterator<Item = Time>, steps: u64) -> BTreeSet<Time> {
    let times: BTreeSet<Time> = times.into_iter().collect();
    let pairs = times.iter().zip(times.iter().skip(1));
    let between = pairs.flat_map(|(from, to)| {
        let width = to.since(*from).as_nanos();
        (1..steps).map(move |step| *from + Span::from_nanos(width / steps * step))
    });
    between.chain(times.iter().copied()).collect()
}

/// The shortest that makes no more lines than are to be read.
fn step(horizon: Span) -> Span {
    if horizon <= Span::from_secs(ROWS_MOST) {
        return Span::from_nanos(horizon.as_nanos().div_ceil(ROWS_MOST));
    }
    let is_enough = |step: &Span| horizon.as_nanos().div_ceil(step.as_nanos()) <= ROWS_MOST;
    let mut steps = STEPS.into_iter().map(Span::from_secs);
    steps.find(is_enough).unwrap_or_else(|| {
        let day = Span::from_secs(86_400).as_nanos();
        let days = horizon.as_nanos().div_ceil(day).div_ceil(ROWS_MOST);
        Span::from_nanos(day.saturating_mul(days))
    })
}

/// What is looked at.
struct Walk<'a> {
    model: &'a TransientMmc,
    arrivals: &'a Arrivals,
    fluid: &'a Curve,
}

impl Walk<'_> {
    /// One for each of the `times`.
    fn rows(&self, times: &BTreeSet<Time>) -> Result<Vec<Row>, ModelError> {
        let seconds: Vec<f64> = times.iter().map(|time| time.as_secs_f64()).collect();
        let mut rows = Vec::with_capacity(times.len());
        let mut at = times.iter();
        self.model.walk(&seconds, |moment| {
            let time = at.next().copied().unwrap_or(Time::ZERO);
            rows.push(Row {
                time_s: moment.time(),
                arrivals_per_s: self.arrivals.rate_at(time).unwrap_or(0.0),
                total_mean: moment.total_mean(),
                ready_mean: moment.ready_mean(),
                p_all_busy: moment.p_all_busy(),
                total_fluid: self.fluid.level_at(time),
            });
        })?;
        Ok(rows)
    }

    /// The highest of the rows, looked at once more from its neighbour before to that behind it.
    fn peak(&self, times: &BTreeSet<Time>, rows: &[Row]) -> Result<Row, ModelError> {
        let highest = index_of_highest(rows);
        let neighbours = times
            .iter()
            .copied()
            .skip(highest.saturating_sub(1))
            .take(3);
        let closer = self.rows(&refined(neighbours, CLOSER_LOOKS))?;
        Ok(closer[index_of_highest(&closer)])
    }
}

/// The first of those that are as high as any.
fn index_of_highest(rows: &[Row]) -> usize {
    let mut highest = 0;
    for (index, row) in rows.iter().enumerate() {
        if row.total_mean > rows[highest].total_mean {
            highest = index;
        }
    }
    highest
}

impl OverTime {
    pub(super) fn text(&self) -> String {
        let mut text = format!(
            "{} ({} assumed), {} at first, followed for {}\n{:>9}  {:>9}  {:>9}  {:>9}  {:>8}  {:>9}\n",
            self.name,
            listed(&self.assumptions),
            counted(self.start),
            write_duration(self.horizon),
            "time",
            "arrivals",
            "E[L]",
            "ready",
            "all busy",
            "fluid L",
        );
        for row in &self.rows {
            text += &format!(
                "{:>9}  {:>9}  {:>9}  {:>9}  {:>8}  {:>9}\n",
                clock(row.time_s),
                show_rate(row.arrivals_per_s),
                level(row.total_mean),
                level(row.ready_mean),
                share(row.p_all_busy),
                level(row.total_fluid),
            );
        }
        text + &self.highest() + &self.overload()
    }

    fn highest(&self) -> String {
        let last = self.rows[self.rows.len() - 1].total_mean;
        if self.peak.total_mean <= last * NOTABLE {
            return format!(
                "peak     none: E[L] is highest in the end, {}\n",
                level(last)
            );
        }
        let (fluid_at, fluid_level) = self.fluid_peak;
        format!(
            "peak     E[L] {} at about {}, of which {} wait; the fluid, without chance, peaks at {} at {}\n",
            level(self.peak.total_mean),
            clock(self.peak.time_s),
            level(self.peak.ready_mean),
            level(fluid_level),
            clock(fluid_at.as_secs_f64()),
        )
    }

    fn overload(&self) -> String {
        let show = |(from, to): &(Time, Time)| {
            format!(
                "{} to {}",
                clock(from.as_secs_f64()),
                clock(to.as_secs_f64())
            )
        };
        match &self.overload[..] {
            [] => {
                "More than capacity arrives at no time: what waits, waits by chance.\n".to_owned()
            }
            [first, rest @ ..] => {
                let more = match rest.len() {
                    0 => String::new(),
                    more => format!(", and {more} more times"),
                };
                format!("More than capacity arrives from {}{more}.\n", show(first))
            }
        }
    }

    pub(super) fn json(&self) -> String {
        #[derive(Serialize)]
        struct Answer<'a> {
            schema_version: u32,
            model: &'a str,
            peak: Row,
            series: &'a [Row],
        }
        to_text(&Answer {
            schema_version: SCHEMA_VERSION,
            model: &self.name,
            peak: self.peak,
            series: &self.rows,
        })
    }
}

/// What nobody would notice is not shown to three digits.
fn level(level: f64) -> String {
    if level > 0.0 && level < 5e-4 {
        "< 0.001".to_owned()
    } else {
        show_count(level)
    }
}

fn share(share: f64) -> String {
    if share > 0.0 && share < 5e-5 {
        "< 0.01 %".to_owned()
    } else {
        show_share(share)
    }
}

fn counted(messages: u64) -> String {
    let noun = if messages == 1 { "message" } else { "messages" };
    format!("{} {noun}", show_count(messages as f64))
}

/// To the unit in which it was meant: `7h`, `12m30s`.
fn clock(seconds: f64) -> String {
    if seconds < 1.0 {
        return show_seconds(seconds);
    }
    write_duration(Span::from_secs_f64(seconds.round()))
}
