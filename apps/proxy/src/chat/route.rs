//! The routes of providers.

use crate::config::ProviderKind;

/// A route that a provider has too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// OpenAI's.
    ChatCompletions,
    /// Anthropic's.
    Messages,
    /// OpenAI's; answered without a provider.
    Models,
}

impl Route {
    /// The route of this path.
    pub(super) fn at(path: &str) -> Option<Self> {
        [Self::ChatCompletions, Self::Messages, Self::Models]
            .into_iter()
            .find(|route| route.path() == path)
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Self::ChatCompletions => "/v1/chat/completions",
            Self::Messages => "/v1/messages",
            Self::Models => "/v1/models",
        }
    }

    pub(super) fn method(self) -> &'static str {
        match self {
            Self::ChatCompletions | Self::Messages => "POST",
            Self::Models => "GET, HEAD",
        }
    }

    /// Whose shapes requests, answers and errors have.
    pub(super) fn kind(self) -> ProviderKind {
        match self {
            Self::ChatCompletions | Self::Models => ProviderKind::Openai,
            Self::Messages => ProviderKind::Anthropic,
        }
    }

    /// The route for the models of a kind of provider.
    pub(super) fn of(kind: ProviderKind) -> Self {
        match kind {
            ProviderKind::Openai => Self::ChatCompletions,
            ProviderKind::Anthropic => Self::Messages,
        }
    }
}
