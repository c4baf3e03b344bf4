package dev.warder.proxy;

import dev.warder.auth.Client;
import dev.warder.credential.CredentialChoice;
import dev.warder.http.Attributes;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyPolicy;
import dev.warder.json.ModelResolver;
import dev.warder.json.RequestEdit;
import dev.warder.translation.ResponseEdit;
import dev.warder.translation.Translation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/**
 * What the filters have decided about a request.
 *
 * @param client who calls
 * @param choice which credential goes upstream
 * @param translation makes another request of this one, and its response the caller's
 * @param resolver maps the model that a collected body names to the model that is asked upstream
 * @param edit what is changed in a collected body, once it is translated
 * @param responseEdit what is changed in the content of the response, before it is translated
 */
record Decisions(
        Client client,
        CredentialChoice choice,
        Optional<Translation> translation,
        ModelResolver resolver,
        RequestEdit edit,
        Optional<ResponseEdit> responseEdit) {
    private static final RequestEdit UNCHANGED = (outline, body) -> List.of();

    static Decisions of(HttpServletRequest request) {
        return new Decisions(
                Attributes.get(request, Client.class),
                Attributes.get(request, CredentialChoice.class),
                Attributes.find(request, Translation.class),
                Attributes.find(request, ModelResolver.class).orElse(ModelResolver.UNCHANGED),
                Attributes.find(request, RequestEdit.class).orElse(UNCHANGED),
                Attributes.find(request, ResponseEdit.class));
    }

    /** What the body that goes up must satisfy; an edit is there where a prompt or aliases apply. */
    BodyPolicy policy() {
        return new BodyPolicy(
                resolver,
                client.restricted() ? Optional.of(client::mayUse) : Optional.empty(),
                client.restricted() || edit != UNCHANGED);
    }

    /** What the body that comes must satisfy. */
    BodyPolicy policyOfArrival() {
        return translation.isEmpty() ? policy() : policy().beforeTranslation();
    }

    /** The refusal for want of a credential, which is told only after what is wrong with the request itself. */
    Optional<ErrorReply> refusal() {
        return choice instanceof CredentialChoice.Refused refused ? Optional.of(refused.reply()) : Optional.empty();
    }
}
