package dev.warder.contract;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** Clients made with the published Java SDK. Everything tagged {@code sdk} runs a second time with the older SDK. */
@Tag("client")
@Tag("sdk")
abstract class SdkGround extends ClientContract {
    private final Map<SdkCaller, AnthropicClient> clients = new EnumMap<>(SdkCaller.class);

    /** A client of Warder's that repeats nothing by itself. */
    final AnthropicClient client(SdkCaller caller) {
        return clients.computeIfAbsent(caller, one -> client(one.authenticated().maxRetries(0), container.baseUri()));
    }

    /** A client of this address, until the end of the class. */
    final AnthropicClient client(AnthropicOkHttpClient.Builder builder, URI address) {
        var client = builder.baseUrl(address.toString()).build();
        closing((AutoCloseable) client::close);
        return client;
    }

    /** A question to begin with. */
    static MessageCreateParams.Builder hello() {
        return MessageCreateParams.builder()
                .model("claude-opus-5-5")
                .maxTokens(64)
                .addUserMessage("Hello");
    }
}
