package dev.warder.proxy;

import dev.warder.auth.Client;
import dev.warder.credential.CredentialChoice;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.json.RequestEdit;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/**
 * What the filters have decided about a request.
 *
 * @param client who calls
 * @param choice which credential goes upstream
 * @param edit what is changed in a collected body
 */
record Decisions(Client client, CredentialChoice choice, RequestEdit edit) {
    private static final RequestEdit UNCHANGED = (outline, body) -> List.of();

    static Decisions of(HttpServletRequest request) {
        return new Decisions(
                Attributes.get(request, Client.class),
                Attributes.get(request, CredentialChoice.class),
                Attributes.find(request, RequestEdit.class).orElse(UNCHANGED));
    }

    /** The refusal for want of a credential, which is told only after what is wrong with the request itself. */
    Optional<ErrorReply> refusal() {
        return choice instanceof CredentialChoice.Refused refused ? Optional.of(refused.reply()) : Optional.empty();
    }
}
