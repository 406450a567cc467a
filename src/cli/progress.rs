//! How far a study is, on stderr; and whether it was interrupted.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use queuelab::study::Watch;
use queuelab::units;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Follows studies: a bar on a terminal, and Ctrl-C everywhere.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    events: AtomicU64,
    interrupted: Arc<AtomicBool>,
}

impl Progress {
    pub(super) fn new(wanted: bool) -> Self {
        let shown = wanted && io::stderr().is_terminal();
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template(
            "{prefix}   {pos} of {len} runs   {wide_bar:.cyan/238}   {msg}   {eta} left",
        );
        let bar = ProgressBar::with_draw_target(Some(0), target);
        bar.set_style(
            style
                .unwrap_or_else(|_| ProgressStyle::default_bar())
                .progress_chars("█▌ "),
        );
        if shown {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&interrupted);
        // Without a handler Ctrl-C ends the program at once, and nothing half-written is left: no need to fail for
        // that.
        let _ = ctrlc::set_handler(move || {
            if flag.swap(true, Ordering::Relaxed) {
                std::process::exit(130);
            }
        });
        Self {
            bar,
            started: Instant::now(),
            events: AtomicU64::new(0),
            interrupted,
        }
    }

    /// Makes room for the answer.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

impl Watch for Progress {
    fn starts(&self, variant: &str, runs: u32) {
        self.bar.reset_eta();
        self.bar.set_prefix(units::visible(variant));
        self.bar.inc_length(u64::from(runs));
    }

    fn finished(&self, events: u64) {
        let all = self.events.fetch_add(events, Ordering::Relaxed) + events;
        let rate = all as f64 / self.started.elapsed().as_secs_f64().max(1e-3);
        self.bar
            .set_message(format!("{} events/s", units::show_count(rate)));
        self.bar.inc(1);
    }

    fn is_stopped(&self) -> bool {
        self.is_interrupted()
    }
}
