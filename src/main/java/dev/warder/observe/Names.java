package dev.warder.observe;

import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * The names of attributes: of HTTP (OpenTelemetry's semantic conventions, stable), of generative AI (repository
 * semantic-conventions-genai, status Development), and Warder's own.
 */
final class Names {
    static final AttributeKey<String> METHOD = stringKey("http.request.method");
    static final AttributeKey<Long> RESEND_COUNT = longKey("http.request.resend_count");
    static final AttributeKey<Long> STATUS = longKey("http.response.status_code");
    static final AttributeKey<String> ROUTE = stringKey("http.route");
    static final AttributeKey<String> PATH = stringKey("url.path");
    static final AttributeKey<String> SCHEME = stringKey("url.scheme");
    static final AttributeKey<String> URL = stringKey("url.full");
    static final AttributeKey<String> SERVER_ADDRESS = stringKey("server.address");
    static final AttributeKey<Long> SERVER_PORT = longKey("server.port");
    static final AttributeKey<String> ERROR = stringKey("error.type");

    static final AttributeKey<String> OPERATION = stringKey("gen_ai.operation.name");
    static final AttributeKey<String> PROVIDER = stringKey("gen_ai.provider.name");
    static final AttributeKey<String> CONVERSATION = stringKey("gen_ai.conversation.id");
    static final AttributeKey<String> REQUEST_MODEL = stringKey("gen_ai.request.model");
    static final AttributeKey<String> RESPONSE_MODEL = stringKey("gen_ai.response.model");
    static final AttributeKey<List<String>> FINISH_REASONS = stringArrayKey("gen_ai.response.finish_reasons");
    static final AttributeKey<Long> INPUT_TOKENS = longKey("gen_ai.usage.input_tokens");
    static final AttributeKey<Long> OUTPUT_TOKENS = longKey("gen_ai.usage.output_tokens");
    static final AttributeKey<Long> CACHE_READ = longKey("gen_ai.usage.cache_read.input_tokens");
    static final AttributeKey<Long> CACHE_WRITE = longKey("gen_ai.usage.cache_write.input_tokens");
    static final AttributeKey<Long> REASONING = longKey("gen_ai.usage.reasoning.output_tokens");

    static final AttributeKey<String> REQUEST_ID = stringKey("warder.request.id");
    static final AttributeKey<String> CLIENT = stringKey("warder.client");
    static final AttributeKey<String> END = stringKey("warder.end");
    static final AttributeKey<Double> COST = doubleKey("warder.cost.usd");
    static final AttributeKey<String> CREDENTIAL = stringKey("warder.credential");
    static final AttributeKey<String> OUTCOME = stringKey("warder.try.outcome");
    static final AttributeKey<String> UPSTREAM_REQUEST_ID = stringKey("warder.upstream.request.id");

    private static final int MOST = 256;

    private Names() {}

    /** The first 256 characters: clients and the upstream may send texts of any length. */
    static String cut(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST);
    }
}
