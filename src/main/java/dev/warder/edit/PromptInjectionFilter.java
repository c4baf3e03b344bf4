package dev.warder.edit;

import dev.warder.credential.CredentialChoice;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.GatewayFilter;
import dev.warder.http.Route;
import dev.warder.json.RequestEdit;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;

/**
 * Registers an edit by which the exchange inserts the operator's text into the body's {@code system}, by a few bytes.
 * It does so on the router's inference paths and only if {@code prompt.text} is set. Thread-safe.
 */
public final class PromptInjectionFilter extends GatewayFilter<PromptSettings> {
    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var prompt = parts();
        var route = Attributes.get(request, Call.class).route();
        if (prompt.prompt().isPresent() && appliesTo(route, prompt) && appliesTo(request, prompt)) {
            var edit = edit(prompt, prompt.prompt().get().get());
            Attributes.merge(request, RequestEdit.class, edit, RequestEdit::then);
        }
        chain.doFilter(request, response);
    }

    private static boolean appliesTo(Route route, PromptSettings prompt) {
        boolean counts = route == Route.COUNT_TOKENS || route == Route.RESPONSE_TOKENS;
        return route.runsModel() || counts && prompt.countTokens();
    }

    private static boolean appliesTo(HttpServletRequest request, PromptSettings prompt) {
        return switch (prompt.mode()) {
            case ALWAYS -> true;
            case MANAGED -> Attributes.get(request, CredentialChoice.class) instanceof CredentialChoice.Managed;
            case OFF -> false;
        };
    }

    private static RequestEdit edit(PromptSettings prompt, RequestEdit injection) {
        return (outline, body) -> {
            var model = outline.modelName();
            return model.isPresent() && prompt.skips(model.get()) ? List.of() : injection.splices(outline, body);
        };
    }
}
