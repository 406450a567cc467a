//! What any model may be asked.

use crate::theory::{
    BatchMmc, BreakdownMg1, BreakdownMmc, ErlangA, ErlangLoss, FinitePopulation, ForkJoin, Ggc,
    GiMc, MapPhC, MapPhCK, Mdc, Mg1, MgInf, Mgc, MgcK, Mmc, MmcK, RetryMmc,
};
use std::fmt;

/// Generates the trait, and for each model the forwarding of what it has; everything else stays `None`.
macro_rules! answers {
    (
        figures { $($(#[$doc:meta])* $figure:ident;)* }
        functions { $($(#[$doc_of:meta])* $function:ident;)* }
        models { $($model:ty: [$($has:ident)*] [$($has_of:ident)*];)* }
    ) => {
        /// Figures of a model, as far as it has them; times in seconds, rates per second.
        pub trait Answer: fmt::Debug + Send + Sync {
            $($(#[$doc])* fn $figure(&self) -> Option<f64> { None })*
            $($(#[$doc_of])* fn $function(&self, _: f64) -> Option<f64> { None })*
        }
        $(impl Answer for $model {
            $(fn $has(&self) -> Option<f64> { Some(<$model>::$has(self)) })*
            $(fn $has_of(&self, x: f64) -> Option<f64> { <$model>::$has_of(self, x).into() })*
        })*
    };
}

answers! {
    figures {
        /// λ · mean service time, in Erlang.
        offered_load;
        /// Share of time a server is busy, of the time that it is up.
        utilisation;
        /// Share of messages, of those served, that wait at all.
        p_wait;
        /// Share of messages that find no place, or leave before they are served.
        loss;
        /// Messages served per second.
        throughput;
        /// Mean wait before service, of messages served.
        wait_mean;
        /// Mean time from arrival to the end of service.
        sojourn_mean;
        /// Mean number that wait.
        ready_mean;
        /// Mean number that wait or are served.
        total_mean;
        /// Mean number of times that a message is tried.
        attempts_mean;
        /// Share of time that a server is up.
        availability;
        /// Mean sojourn in one of several branches.
        branch_sojourn_mean;
    }
    functions {
        /// P(wait > t), t in seconds.
        wait_exceeds;
        /// The wait, in seconds, that a share of messages does not exceed.
        wait_quantile;
        /// The sojourn, in seconds, that a share of messages does not exceed.
        sojourn_quantile;
    }
    models {
        Mmc: [offered_load utilisation p_wait wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile sojourn_quantile];
        MmcK: [offered_load utilisation p_wait loss throughput wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile sojourn_quantile];
        ErlangLoss: [offered_load utilisation loss throughput sojourn_mean total_mean] [];
        MgInf: [offered_load sojourn_mean total_mean] [];
        FinitePopulation: [utilisation p_wait throughput wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile sojourn_quantile];
        Mg1: [offered_load utilisation p_wait wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile sojourn_quantile];
        Mdc: [offered_load utilisation p_wait wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile sojourn_quantile];
        GiMc: [offered_load utilisation p_wait wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile sojourn_quantile];
        MapPhCK: [offered_load utilisation p_wait loss throughput wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile];
        MapPhC: [offered_load utilisation p_wait wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile sojourn_quantile];
        BatchMmc: [offered_load utilisation p_wait wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile];
        Mgc: [offered_load utilisation p_wait wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile];
        MgcK: [offered_load utilisation p_wait loss throughput wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile];
        // What is not in service may have been before: the wait for the first start is not told.
        BreakdownMmc: [offered_load utilisation sojourn_mean ready_mean total_mean availability] [];
        BreakdownMg1: [offered_load utilisation wait_mean sojourn_mean ready_mean total_mean availability] [];
        ForkJoin: [utilisation sojourn_mean branch_sojourn_mean] [];
        Ggc: [offered_load utilisation p_wait wait_mean sojourn_mean ready_mean total_mean]
            [wait_exceeds wait_quantile];
    }
}

/// Erlang A tells the served from all.
impl Answer for ErlangA {
    fn offered_load(&self) -> Option<f64> {
        Some(Self::offered_load(self))
    }
    fn utilisation(&self) -> Option<f64> {
        Some(Self::utilisation(self))
    }
    fn loss(&self) -> Option<f64> {
        Some(self.abandoned())
    }
    fn throughput(&self) -> Option<f64> {
        Some(Self::throughput(self))
    }
    fn wait_mean(&self) -> Option<f64> {
        Some(self.served_wait_mean())
    }
    fn ready_mean(&self) -> Option<f64> {
        Some(Self::ready_mean(self))
    }
    fn total_mean(&self) -> Option<f64> {
        Some(Self::total_mean(self))
    }
    fn wait_exceeds(&self, t: f64) -> Option<f64> {
        Some(self.served_wait_exceeds(t))
    }
    fn wait_quantile(&self, p: f64) -> Option<f64> {
        Some(self.served_wait_quantile(p))
    }
}

/// Waits are those before the first attempt; sojourns last to the end of the last.
impl Answer for RetryMmc {
    fn offered_load(&self) -> Option<f64> {
        Some(self.line().offered_load())
    }
    fn utilisation(&self) -> Option<f64> {
        Some(Self::utilisation(self))
    }
    fn p_wait(&self) -> Option<f64> {
        Some(self.line().p_wait())
    }
    fn wait_mean(&self) -> Option<f64> {
        Some(self.line().wait_mean())
    }
    fn sojourn_mean(&self) -> Option<f64> {
        Some(Self::sojourn_mean(self))
    }
    fn ready_mean(&self) -> Option<f64> {
        Some(Self::ready_mean(self))
    }
    fn total_mean(&self) -> Option<f64> {
        Some(Self::total_mean(self))
    }
    fn attempts_mean(&self) -> Option<f64> {
        Some(Self::attempts_mean(self))
    }
    fn wait_exceeds(&self, t: f64) -> Option<f64> {
        Some(self.line().wait_exceeds(t))
    }
    fn wait_quantile(&self, p: f64) -> Option<f64> {
        Some(self.line().wait_quantile(p))
    }
}
