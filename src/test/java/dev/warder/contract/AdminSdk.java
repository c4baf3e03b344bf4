package dev.warder.contract;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.services.blocking.OrganizationService;
import dev.warder.testkit.Container;

/** The official client of an administrator, with the base URL of a node alone. */
record AdminSdk(AnthropicClient client) implements AutoCloseable {
    /** @param secret the text of the access token */
    static AdminSdk of(Container node, String secret) {
        return new AdminSdk(AnthropicOkHttpClient.builder()
                .apiKey(secret)
                .baseUrl(node.baseUri().toString())
                .maxRetries(0)
                .build());
    }

    OrganizationService organization() {
        return client.organization();
    }

    @Override
    public void close() {
        client.close();
    }
}
