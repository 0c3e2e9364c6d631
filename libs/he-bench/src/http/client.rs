//! Requests over connections that are kept.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Request, StatusCode};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use crate::failure::Failure;

/// A client of one server.
#[derive(Clone)]
pub(crate) struct Http {
    client: Client<HttpConnector, Full<Bytes>>,
    address: String,
}

impl Http {
    /// For a server at `host:port`.
    pub(crate) fn new(address: &str) -> Self {
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { client, address: address.to_owned() }
    }

    /// Asks for a path.
    pub(crate) async fn get(&self, path: &str) -> Result<(StatusCode, Bytes), Failure> {
        self.ask(Request::get(self.uri(path)), Bytes::new()).await
    }

    /// Sends an encrypted vector.
    pub(crate) async fn post(
        &self,
        path: &str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let request = Request::post(self.uri(path));
        self.ask(request.header("content-type", "application/vnd.hlp.v1"), body).await
    }

    fn uri(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn ask(
        &self,
        request: hyper::http::request::Builder,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let failed = |error: &dyn std::error::Error| Failure::Http(error.to_string());
        let request = request.body(Full::new(body)).map_err(|error| failed(&error))?;
        let response = self.client.request(request).await.map_err(|error| failed(&error))?;
        let status = response.status();
        let body = response.into_body().collect().await.map_err(|error| failed(&error))?;
        Ok((status, body.to_bytes()))
    }
}
