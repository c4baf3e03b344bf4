package dev.warder.openai;

import dev.warder.auth.Client;
import dev.warder.body.Chunks;
import dev.warder.edit.ModelCatalog;
import dev.warder.http.ErrorReply;
import dev.warder.http.Field;
import dev.warder.http.RequestTarget;
import dev.warder.openai.chat.OpenAiRateLimits;
import dev.warder.stream.ResponseTranslation;
import dev.warder.stream.StreamTranslation;
import dev.warder.stream.Translation;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Translates requests for one model, or for all of them, and returns them in OpenAI's shape. One thread at a time. */
final class ModelsTranslator implements Translation {
    private static final String MODELS = "/v1/models";

    private final Optional<String> id;
    private final ServedModels served;
    private final Client client;
    private final Optional<Predicate<String>> listed;
    private final InstantSource clock;

    private ModelsTranslator(Optional<String> id, ServedModels served, Client client, InstantSource clock) {
        this.id = id;
        this.served = served;
        this.client = client;
        this.listed = client.listed();
        this.clock = clock;
    }

    /**
     * The translation of {@code GET} at {@code target}, whose path ends {@code /v1/models} or {@code /v1/models/{id}}.
     *
     * @param client the caller, who sees only the models that it may use
     */
    static ModelsTranslator of(RequestTarget target, ServedModels served, Client client, InstantSource clock) {
        String path = target.path();
        String below = path.substring(path.indexOf(MODELS) + MODELS.length());
        // In a path, + is not a space.
        Optional<String> id = below.isEmpty()
                ? Optional.empty()
                : Optional.of(URLDecoder.decode(below.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8));
        return new ModelsTranslator(id, served, client, clock);
    }

    @Override
    public Outcome translate(Chunks none) {
        if (id.isEmpty()) {
            return ask(MODELS + "?" + ModelCatalog.QUERY, new All());
        }
        return served.chatRequest()
                .upstreamModel(id.get())
                .map(model -> isListed(model) ? ask(MODELS + "/" + segment(model), new One(id.get())) : forbidden())
                .orElseGet(() -> new Outcome.Refused(ErrorReply.modelNotFound("The model does not exist here.")));
    }

    private boolean isListed(String model) {
        return listed.map(each -> each.test(model)).orElse(true);
    }

    private boolean isListedAs(String name) {
        return listed.isEmpty()
                || served.chatRequest().upstreamModel(name).filter(listed.get()).isPresent();
    }

    private Outcome forbidden() {
        return new Outcome.Refused(client.refusalOfModel());
    }

    private static Outcome ask(String path, ResponseTranslation response) {
        return new Outcome.Translated(path, ChatTranslator.VERSION, new Chunks(), response);
    }

    private static String segment(String model) {
        return URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private List<Field> rateLimits(Function<String, Optional<String>> upstream) {
        return new OpenAiRateLimits(upstream, clock.instant()).fields();
    }

    private static boolean isSuccessful(int status) {
        return status >= 200 && status < 300;
    }

    private static ResponseTranslation.Whole noModels() {
        return new ResponseTranslation.Whole.Unusable(
                ErrorReply.badGateway("The upstream's response is not a model or a list of models."));
    }

    /** All models, and the aliases. */
    private final class All implements ResponseTranslation {
        @Override
        public List<Field> fields(Function<String, Optional<String>> upstream) {
            return rateLimits(upstream);
        }

        @Override
        public Optional<StreamTranslation> stream() {
            return Optional.empty();
        }

        @Override
        public Whole whole(int status, byte[] body) {
            return isSuccessful(status)
                    ? ChatModels.list(body, served.aliases(), ModelsTranslator.this::isListedAs)
                            .<Whole>map(list -> new Whole.Translated(200, Reply.JSON, list))
                            .orElseGet(ModelsTranslator::noModels)
                    : Reply.error(status, body);
        }
    }

    /** One model, under the name by which the client knows it. */
    private final class One implements ResponseTranslation {
        private final String name;

        One(String name) {
            this.name = name;
        }

        @Override
        public List<Field> fields(Function<String, Optional<String>> upstream) {
            return rateLimits(upstream);
        }

        @Override
        public Optional<StreamTranslation> stream() {
            return Optional.empty();
        }

        @Override
        public Whole whole(int status, byte[] body) {
            return isSuccessful(status)
                    ? ChatModels.one(name, body)
                            .<Whole>map(model -> new Whole.Translated(200, Reply.JSON, model))
                            .orElseGet(ModelsTranslator::noModels)
                    : Reply.error(status, body);
        }
    }
}
