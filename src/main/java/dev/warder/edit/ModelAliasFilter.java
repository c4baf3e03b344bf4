package dev.warder.edit;

import dev.warder.auth.Client;
import dev.warder.body.Chunks;
import dev.warder.body.Splice;
import dev.warder.edit.EditedList.ListPage;
import dev.warder.http.Attributes;
import dev.warder.http.Call;
import dev.warder.http.Form;
import dev.warder.http.GatewayFilter;
import dev.warder.http.Route;
import dev.warder.json.BodyPolicy.ModelResolver;
import dev.warder.json.JsonOutline;
import dev.warder.json.JsonText;
import dev.warder.json.RequestEdit;
import dev.warder.record.RequestRecord;
import dev.warder.stream.ResponseEdit;
import dev.warder.stream.ResponseEdit.ContentEdit;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Registers the resolver and the edits by which the exchange applies {@code models.aliases} to messages, token counts
 * and the list of models. The edit of that list also removes the models that a client of the policy may not use, and a
 * request for one of these is refused. Without aliases and such a client it registers nothing. Chat completions resolve
 * aliases while they are translated, and the raw route has none. Thread-safe.
 */
public final class ModelAliasFilter extends GatewayFilter<ModelSettings> {
    private static final String LIST = "/v1/models";

    private static final String ONE = "/v1/models/";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        var aliases = parts().aliases().get();
        var call = Attributes.get(request, Call.class);
        if (!aliases.isEmpty()) {
            apply(aliases, request, call);
        }
        if (isList(call)) {
            list(aliases, request, call);
        }
        var client = Attributes.find(request, Client.class);
        if (client.isPresent() && !mayRead(call, client.get(), aliases)) {
            Attributes.get(request, RequestRecord.class)
                    .refuse(request, response, client.get().refusalOfModel());
            return;
        }
        chain.doFilter(request, response);
    }

    /**
     * Whether the caller may use the model that the path names, or may read whatever the path is. A name counts as the
     * model that requests with this name ask for, as in the list. In OpenAI's dialect the translation decides.
     */
    private static boolean mayRead(Call call, Client client, ModelAliases aliases) {
        String path = call.target().path();
        if (call.route() != Route.MODELS || !path.startsWith(ONE)) {
            return true;
        }
        // In a path, + is not a space.
        String name = URLDecoder.decode(path.substring(ONE.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
        return client.listed().map(may -> may.test(aliases.resolve(name))).orElse(true);
    }

    private static void apply(ModelAliases aliases, HttpServletRequest request, Call call) {
        if (call.route() == Route.MESSAGES || call.route() == Route.COUNT_TOKENS) {
            Attributes.put(request, ModelResolver.class, aliases);
            Attributes.merge(request, RequestEdit.class, ModelAliasFilter::splices, RequestEdit::then);
        }
        if (call.route() == Route.MESSAGES) {
            Attributes.put(request, ResponseEdit.class, new AliasInMessage());
        }
    }

    private static void list(ModelAliases aliases, HttpServletRequest request, Call call) {
        var models = new ListedModels(aliases.exact(), aliases.shown());
        // A name in the list may be an alias too: then the model counts that a request with this name asks for.
        Optional<Predicate<String>> listed =
                Attributes.get(request, Client.class).listed().map(may -> name -> may.test(aliases.resolve(name)));
        if (!models.isEmpty() || listed.isPresent()) {
            var page = Form.parse(call.target().query().orElse("")).flatMap(ListPage::of);
            Attributes.put(request, ResponseEdit.class, new EditedList(page, models, listed));
        }
    }

    private static boolean isList(Call call) {
        return call.route() == Route.MODELS && call.target().path().equals(LIST);
    }

    /** Puts the alias that a request named into {@code model} of the message that responds to it. Thread-safe. */
    private static final class AliasInMessage implements ResponseEdit {
        @Override
        public Optional<ContentEdit> ofStream(Optional<JsonOutline> request) {
            return literal(request).map(MessageStartEdit::new);
        }

        @Override
        public Optional<ContentEdit> ofDocument(Optional<JsonOutline> request) {
            return literal(request).map(MessageEdit::new);
        }

        private static Optional<byte[]> literal(Optional<JsonOutline> request) {
            return request.flatMap(JsonOutline::alias).map(JsonText::literal);
        }
    }

    private static List<Splice> splices(JsonOutline outline, Chunks body) {
        if (outline.alias().isEmpty()) {
            return List.of();
        }
        byte[] literal = JsonText.literal(outline.modelName().orElseThrow());
        return List.of(new Splice(outline.model().from(), outline.model().to(), literal));
    }
}
