//! What a form sent, as a type. Repeated keys (tick boxes) become lists.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum_extra::extract::Form;
use serde::de::DeserializeOwned;

use crate::app::App;
use crate::error::PageError;
use crate::view::ErrorPage;

/// The body of a form. A body that is too large or of another kind is refused with a page.
pub struct FormBody<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequest<App> for FormBody<T> {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<FormBody<T>, PageError> {
        match Form::from_request(request, app).await {
            Ok(Form(body)) => Ok(FormBody(body)),
            Err(rejection) => Err(refusal(rejection.into_response().status())),
        }
    }
}

fn refusal(status: StatusCode) -> PageError {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            ErrorPage::new(413, "too_large", "内容太大", "请缩短文字或减少文件后再提交。").into()
        }
        _ => PageError::bad_request("表单内容不完整。请返回上一页，刷新后重新提交。"),
    }
}
