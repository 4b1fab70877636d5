//! `POST /api/v1/consultations`, `POST /api/v1/suggestions` and what a program may read of what it asked.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use casework::ActError;
use domain::act::Act;
use domain::case_kind::CaseKind;
use domain::filing::{RawAsking, Typist, parse_asking};
use domain::procedure::{self, Standing};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::complaints::{self, Deadline};
use crate::api::problem::{NotShown, NotTaken, Problem};
use crate::api::tokens::Bearer;
use crate::app::App;

/// A question or suggestion as the program that sent it may read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct Asked {
    /// 编号.
    number: String,
    /// `consultation` or `suggestion`.
    kind: &'static str,
    /// Where it stands: key.
    status: &'static str,
    /// Where it stands, in Chinese.
    status_label: &'static str,
    /// How it ended: `answered`, `withdrawn`; none while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    /// The answer, once it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    /// One line.
    title: String,
    /// When it came in, RFC 3339 in UTC.
    #[schema(format = DateTime)]
    received_at: String,
    /// When it was answered, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    told_at: Option<String>,
    /// The limits of the bureau that run now.
    deadlines: Vec<Deadline>,
    /// What the person may do now with number and query code.
    allowed_actions: Vec<&'static str>,
}

macro_rules! askings {
    ($($kind:ident, $file:ident, $read:ident, $path:literal, $one:literal, $tag:literal, $what:literal;)*) => {$(
        #[doc = concat!("Takes a ", $what, " in. The answer is given when it is on disk; the same request again gets the same answer.")]
        #[utoipa::path(
            post,
            path = $path,
            tag = $tag,
            params(("Idempotency-Key" = String, Header, description = "A key of the caller's own for this filing, 1 to 200 visible ASCII characters. Sending the same body again with the same key gives the first answer.")),
            request_body(content = crate::api::openapi::Asking, content_type = "application/json"),
            responses(
                (status = 201, description = "Taken in, now or by the first request under this key", body = complaints::Received),
                NotTaken,
            ),
            security(("token" = [])),
        )]
        pub(super) async fn $file(
            State(app): State<App>,
            bearer: Bearer,
            headers: HeaderMap,
            body: Result<Bytes, BytesRejection>,
        ) -> Result<Response, Problem> {
            take(CaseKind::$kind, $path, &app, bearer, &headers, body).await
        }

        #[doc = concat!("A ", $what, " that this token sent; any other does not exist for it.")]
        #[utoipa::path(
            get,
            path = $one,
            tag = $tag,
            params(("number" = String, Path, description = "编号")),
            responses(
                (status = 200, description = "Where it stands, with the answer once it was given", body = Asked),
                NotShown,
            ),
            security(("token" = [])),
        )]
        pub(super) async fn $read(
            State(app): State<App>,
            bearer: Bearer,
            Path(number): Path<String>,
        ) -> Result<Response, Problem> {
            read(CaseKind::$kind, &app, bearer, number).await
        }
    )*};
}

askings! {
    Consultation, file_consultation, read_consultation, "/api/v1/consultations", "/api/v1/consultations/{number}", "consultations", "question";
    Suggestion, file_suggestion, read_suggestion, "/api/v1/suggestions", "/api/v1/suggestions/{number}", "suggestions", "suggestion";
}

async fn take(
    kind: CaseKind,
    path: &str,
    app: &App,
    bearer: Bearer,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    bearer.allows(&["filing"])?;
    let key = complaints::idempotency_key(headers)?;
    let body = complaints::json_body(headers, body)?;
    let mut raw: RawAsking = complaints::read_object(&body)?;
    if raw.channel.is_empty() {
        "api".clone_into(&mut raw.channel);
    }
    let filing = parse_asking(kind, &raw, Typist::Program, &app.house().codes, app.now()).map_err(Problem::invalid)?;
    // The same key under another address is another request.
    complaints::take_in(app, bearer, path, key, &body, filing).await
}

async fn read(kind: CaseKind, app: &App, bearer: Bearer, number: String) -> Result<Response, Problem> {
    bearer.allows(&["filing", "tracking"])?;
    let token_id = bearer.0.id;
    let found = app.read(move |tx| {
        let Some(case) = store::case::by_number(tx, &number)? else { return Ok(None) };
        if case.state.kind != kind || !complaints::is_own(tx, &case, token_id)? {
            return Ok(None);
        }
        let deadlines = store::deadline::of_case(tx, case.id)?;
        let events = store::event::of_case(tx, case.id)?;
        let answer = events.iter().rev().find_map(|event| match serde_json::from_str(&event.data) {
            Ok(Act::Answer { answer, .. }) => Some(answer),
            _ => None,
        });
        Ok::<_, ActError>(Some((case, deadlines, answer)))
    });
    let (case, deadlines, answer) = found.await?.ok_or_else(Problem::not_found)?;
    let allowed = procedure::allowed(kind, case.state.status, &Standing::complainant());
    let asked = Asked {
        kind: kind.key(),
        status: case.state.status.key(),
        status_label: case.state.status.label_for(kind),
        outcome: store::case::outcome_columns(case.state.outcome).0,
        answer,
        received_at: case.received_at.to_string(),
        told_at: case.told_at.map(|at| at.to_string()),
        deadlines: complaints::running(deadlines),
        allowed_actions: allowed.iter().map(|step| step.action.key()).collect(),
        title: case.matter.title,
        number: case.number,
    };
    let body = serde_json::to_vec(&asked).unwrap_or_default();
    Ok(([(CONTENT_TYPE, "application/json")], body).into_response())
}
