package dev.warder.exchange.up;

import dev.warder.auth.Client;
import dev.warder.auth.Inquiry;
import dev.warder.credential.CredentialChoice;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.ErrorReply;
import dev.warder.json.BodyPolicy;
import dev.warder.json.BodyPolicy.ModelResolver;
import dev.warder.json.RequestEdit;
import dev.warder.stream.ResponseEdit;
import dev.warder.stream.Translation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/**
 * The filters' decisions about a request.
 *
 * @param client who calls
 * @param choice which credential goes upstream
 * @param translation translates this request, and its response for the caller
 * @param resolver maps the model that a collected body names to the model that is asked upstream
 * @param edit what is changed in a collected body, once it is translated
 * @param responseEdit what is changed in the content of the response, before it is translated
 */
public record Decisions(
        Client client,
        CredentialChoice choice,
        Optional<Translation> translation,
        ModelResolver resolver,
        RequestEdit edit,
        Optional<ResponseEdit> responseEdit) {
    private static final RequestEdit UNCHANGED = (outline, body) -> List.of();

    public static Decisions of(HttpServletRequest request) {
        return new Decisions(
                Attributes.get(request, Client.class),
                Attributes.get(request, CredentialChoice.class),
                Attributes.find(request, Translation.class),
                Attributes.find(request, ModelResolver.class).orElse(ModelResolver.UNCHANGED),
                Attributes.find(request, RequestEdit.class).orElse(UNCHANGED),
                Attributes.find(request, ResponseEdit.class));
    }

    BodyPolicy policy() {
        return new BodyPolicy(
                resolver,
                client.restricted() ? Optional.of(client::mayUse) : Optional.empty(),
                client.restricted() || edit != UNCHANGED,
                choice instanceof CredentialChoice.Managed managed
                        ? managed.candidates().paths()
                        : Optional.empty());
    }

    BodyPolicy policyOfArrival() {
        return translation.isEmpty() ? policy() : policy().beforeTranslation();
    }

    public Inquiry inquiry(Call call, RequestHead head) {
        return new Inquiry(
                call,
                client,
                choice instanceof CredentialChoice.Passthrough,
                noCredential(),
                head.fields(),
                Optional.empty());
    }

    private Optional<ErrorReply> noCredential() {
        return choice instanceof CredentialChoice.Refused refused ? Optional.of(refused.reply()) : Optional.empty();
    }
}
