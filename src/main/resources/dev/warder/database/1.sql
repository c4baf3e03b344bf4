-- Access and refresh tokens of logins.

CREATE TABLE IF NOT EXISTS warder_oauth_token (
    name VARCHAR(200) NOT NULL PRIMARY KEY,
    generation BIGINT NOT NULL,
    token VARCHAR(65536),
    expires_at TIMESTAMP WITH TIME ZONE
);
