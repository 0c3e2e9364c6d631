//! Why targets are missed, for the machine on which that was looked into and for no other.

use super::{Goal, MEMORY, OVERHEAD};
use crate::fingerprint::Fingerprint;

/// What was found out, and where.
#[derive(Debug)]
pub(crate) struct Finding {
    goal: &'static Goal,
    cpu: &'static str,
    cores: usize,
    /// The commit that was looked into.
    pub(crate) commit: &'static str,
    pub(crate) text: &'static str,
}

const XEON: &str = "Intel(R) Xeon(R) Processor";

const FINDINGS: [Finding; 2] = [
    Finding {
        goal: &OVERHEAD,
        cpu: XEON,
        cores: 2,
        commit: "dd16d81",
        text: "It is the time of a request less that of a product in the process of the benchmark, so \
               the client's sending and receiving is in it: the tables below have the time of as many \
               bytes to and from a server that computes nothing, and the time of the product by the \
               server's own clock, in another thread than the one that reads the body. A profile of the \
               threads that read bodies has nearly all of their time in copying: from the socket, and \
               from the pieces into one.",
    },
    Finding {
        goal: &MEMORY,
        cpu: XEON,
        cores: 2,
        commit: "3e610f0",
        text: "Beside the matrix it is the program itself, which is more than a small matrix, and what \
               the threads that multiply have worked in, which the allocator keeps: for each thread the \
               query as it was read, expanded and arranged, each several times its bytes, and the sums.",
    },
];

/// What was found out about a goal on a machine of this CPU model and number of cores.
pub(crate) fn finding(goal: &Goal, machine: &Fingerprint) -> Option<&'static Finding> {
    let same = |finding: &&Finding| {
        finding.goal == goal
            && machine.cpu.as_deref() == Some(finding.cpu)
            && machine.cores == Some(finding.cores)
    };
    FINDINGS.iter().find(same)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::fingerprint::tests::machine;
    use crate::targets::PARSE;

    /// A machine on which something was looked into.
    pub(crate) fn looked_into() -> Fingerprint {
        machine(FINDINGS[0].cpu, FINDINGS[0].cores)
    }

    #[test]
    fn a_finding_is_told_on_the_machine_on_which_it_was_made_only() {
        assert!(finding(&MEMORY, &looked_into()).is_some());
        assert!(finding(&MEMORY, &machine(XEON, 16)).is_none());
        assert!(finding(&MEMORY, &machine("another", 2)).is_none());
        assert!(finding(&MEMORY, &Fingerprint { cpu: None, ..looked_into() }).is_none());
    }

    #[test]
    fn nothing_is_told_of_what_was_not_looked_into() {
        assert!(finding(&PARSE, &looked_into()).is_none());
    }
}
