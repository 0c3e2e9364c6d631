//! The benches that there are.

use clap::ValueEnum;
use serde::Serialize;

/// Benches of a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Suite {
    /// Products and messages
    He,
    /// Keys, encryption and decryption
    HeClient,
    /// The client of Python, with the server
    HomomorphicLlmClient,
}

/// What runs benches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// With the name of the bench in its crate.
    Criterion(&'static str),
    Pytest,
}

impl Suite {
    pub(crate) const ALL: [Self; 3] = [Self::He, Self::HeClient, Self::HomomorphicLlmClient];

    /// The name of the project.
    pub(crate) fn project(self) -> &'static str {
        match self {
            Self::He => "he",
            Self::HeClient => "he-client",
            Self::HomomorphicLlmClient => "homomorphic-llm-client",
        }
    }

    pub(crate) fn tool(self) -> Tool {
        match self {
            Self::He => Tool::Criterion("product"),
            Self::HeClient => Tool::Criterion("secret"),
            Self::HomomorphicLlmClient => Tool::Pytest,
        }
    }

    /// Its heading on a page, and what its benchmarks do.
    pub(crate) fn about(self) -> [&'static str; 2] {
        match self {
            Self::He => [
                "The server's part: `he`",
                "By criterion, on one core, without a network. `apply` is the whole product: seeds, \
                 arrangement, `multiply` and the way to 32 bits. A vector is a query, `expand` what its \
                 seeds take, and an answer what the client decrypts. A rate is of entries of the matrix \
                 or of bytes of the message.",
            ],
            Self::HeClient => [
                "The client's part: `he-client`",
                "By criterion, on one core. A rate of an encryption is of bytes of the query, that of a \
                 decryption of rows.",
            ],
            Self::HomomorphicLlmClient => [
                "The client in Python: `homomorphic-llm-client`",
                "By pytest-benchmark, which has no confidence interval: keys through the wheel, then one \
                 client and a server on the same machine, over loop-back. A search encrypts, asks, \
                 decrypts and sorts.",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_is_called_as_its_project_on_the_command_line_and_in_the_report() {
        for suite in Suite::ALL {
            assert_eq!(Suite::from_str(suite.project(), false), Ok(suite));
            assert_eq!(serde_json::to_value(suite).unwrap(), suite.project());
        }
        assert_eq!(Suite::value_variants(), Suite::ALL);
    }
}
