package dev.warder.oauth;

/** The names of the members of a stored login. */
enum LoginShape {
    /** An object with the names of RFC 6749. */
    FLAT("access_token", "refresh_token", "expires_at", "scope"),
    CLAUDE("accessToken", "refreshToken", "expiresAt", "scopes");

    private final String access;
    private final String refresh;
    private final String expiry;
    private final String scopes;

    LoginShape(String access, String refresh, String expiry, String scopes) {
        this.access = access;
        this.refresh = refresh;
        this.expiry = expiry;
        this.scopes = scopes;
    }

    String access() {
        return access;
    }

    String refresh() {
        return refresh;
    }

    String expiry() {
        return expiry;
    }

    String scopes() {
        return scopes;
    }
}
