package dev.warder.admin;

import jakarta.json.bind.annotation.JsonbPropertyOrder;

/** The responses to programs for actions that concern no stored login. Records only. */
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
