//! The configured providers, and which of them a model belongs to.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue};
use globset::{Glob, GlobMatcher};
use reqwest::Client;

use super::client::{self, Unusable};
use super::headers;
use super::route::Route;
use crate::config::{self, ConfigError, Finding, Place, ProviderKind};

/// All providers.
#[derive(Debug)]
pub(super) struct Providers(Vec<Provider>);

/// One provider.
#[derive(Debug)]
pub(super) struct Provider {
    pub(super) name: String,
    pub(super) kind: ProviderKind,
    pub(super) client: Client,
    /// The header with its key.
    pub(super) key: Option<(HeaderName, HeaderValue)>,
    base_url: String,
    models: Vec<GlobMatcher>,
}

impl Providers {
    /// Prepares every provider; nothing is sent.
    pub(super) fn open(
        providers: &BTreeMap<String, config::Provider>,
    ) -> Result<Self, ConfigError> {
        let open = |(name, provider): (&String, &config::Provider)| {
            Provider::open(name, provider).map_err(|Unusable { key, reason, hint }| {
                let key = format!("providers.{name}.{key}");
                Finding::error(Place::Default, key, reason, hint).into()
            })
        };
        providers.iter().map(open).collect::<Result<_, _>>().map(Self)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Provider> {
        self.0.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The provider of a kind that serves `model`: the one with the longest glob that matches, where
    /// a name without a glob wins over all; of equal ones the first by name.
    pub(super) fn find(&self, kind: ProviderKind, model: &str) -> Option<&Provider> {
        let candidates = self.0.iter().filter(|provider| provider.kind == kind).rev();
        candidates
            .filter_map(|provider| Some((provider.fit(model)?, provider)))
            .max_by_key(|(fit, _)| *fit)
            .map(|(_, provider)| provider)
    }
}

impl Provider {
    fn open(name: &str, provider: &config::Provider) -> Result<Self, Unusable> {
        let glob = |text: &String| match Glob::new(text) {
            Ok(glob) => Ok(glob.compile_matcher()),
            Err(error) => Err(Unusable::new("models", &error, "write a glob such as gpt-*")),
        };
        Ok(Self {
            name: name.to_owned(),
            kind: provider.kind,
            client: client::open(provider)?,
            key: provider.key.as_ref().and_then(|key| headers::of_key(provider.kind, key)),
            base_url: provider.base_url.trim_end_matches('/').to_owned(),
            models: provider.models.iter().map(glob).collect::<Result<_, _>>()?,
        })
    }

    /// Where a route of this provider is.
    pub(super) fn url(&self, route: Route) -> String {
        format!("{}{}", self.base_url, route.path())
    }

    /// The names and globs of its models, as they are configured.
    pub(super) fn models(&self) -> impl Iterator<Item = &str> {
        self.models.iter().map(|glob| glob.glob().glob())
    }

    /// How well the best of the globs fits, if one does.
    fn fit(&self, model: &str) -> Option<(bool, usize)> {
        self.models
            .iter()
            .filter(|glob| glob.is_match(model))
            .map(|glob| (!is_pattern(glob.glob().glob()), glob.glob().glob().len()))
            .max()
    }
}

/// Whether a text of `models` means more than one model.
pub(super) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '[', '{', '\\'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn providers(list: &[(&str, ProviderKind, &[&str])]) -> Providers {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let open = |(name, kind, models): &(&str, ProviderKind, &[&str])| {
            let provider = config::Provider {
                kind: *kind,
                base_url: "https://api.example.com/".to_owned(),
                api_key_env: None,
                models: models.iter().map(|&model| model.to_owned()).collect(),
                timeout_seconds: 1,
                ca: None,
                proxy: None,
                key: None,
            };
            ((*name).to_owned(), provider)
        };
        Providers::open(&list.iter().map(open).collect()).unwrap()
    }

    #[test]
    fn the_most_particular_glob_wins() {
        use ProviderKind::{Anthropic, Openai};
        let providers = providers(&[
            ("all", Openai, &["*"]),
            ("exact", Openai, &["gpt-4o"]),
            ("gpt", Openai, &["gpt-*"]),
            ("tie", Openai, &["gpt-?"]),
            ("claude", Anthropic, &["claude-*", "org/*"]),
        ]);
        let find = |kind, model| providers.find(kind, model).map(|found| &*found.name);
        assert_eq!(find(Openai, "gpt-4o"), Some("exact"));
        assert_eq!(find(Openai, "gpt-4o-mini"), Some("gpt"));
        assert_eq!(find(Openai, "gpt-5"), Some("gpt"), "of equal ones the first by name");
        assert_eq!(find(Openai, "claude-x"), Some("all"));
        assert_eq!(find(Anthropic, "claude-x"), Some("claude"));
        assert_eq!(find(Anthropic, "org/claude/x"), Some("claude"));
        assert_eq!(find(Anthropic, "gpt-4o"), None);
    }

    #[test]
    fn the_address_of_a_route_has_one_slash_between() {
        let providers = providers(&[("a", ProviderKind::Anthropic, &["*"])]);
        let url = providers.find(ProviderKind::Anthropic, "x").unwrap().url(Route::Messages);
        assert_eq!(url, "https://api.example.com/v1/messages");
    }
}
