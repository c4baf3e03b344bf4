package dev.warder.admin;

import jakarta.json.bind.annotation.JsonbPropertyOrder;

/** What programs get in response to an action that is about no stored login. Records only. */
final class ActionDocument {
    private ActionDocument() {}

    /** The gateway takes no new requests. */
    @JsonbPropertyOrder({"status", "openExchanges"})
    record Draining(String status, int openExchanges) {
        static Draining with(int openExchanges) {
            return new Draining("draining", openExchanges);
        }
    }

    /**
     * A login has begun. No text form, because the address contains the login's {@code state}.
     *
     * @param authorizeUrl where the administrator's browser goes
     */
    @JsonbPropertyOrder("authorizeUrl")
    record LoginBegun(String authorizeUrl) {
        @Override
        public String toString() {
            return "LoginBegun";
        }
    }
}
