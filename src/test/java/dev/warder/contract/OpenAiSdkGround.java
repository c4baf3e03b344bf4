package dev.warder.contract;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** Clients made with OpenAI's own SDK, which refuse every answer that is not in OpenAI's form. */
abstract class OpenAiSdkGround extends OpenAiGround {
    /** A tool of the program's, by the class of its arguments. */
    @JsonTypeName("weather")
    @JsonClassDescription("The weather in a city")
    public record Weather(String city) {}

    /** A client that shows the access token where OpenAI's key would be, and repeats nothing by itself. */
    final OpenAIClient client() {
        return client(managed());
    }

    static OpenAIOkHttpClient.Builder managed() {
        return OpenAIOkHttpClient.builder().apiKey(ACCESS_TOKEN).maxRetries(0);
    }

    /** A client of Warder's, until the end of the class. */
    final OpenAIClient client(OpenAIOkHttpClient.Builder builder) {
        return client(builder, address());
    }

    /** A client of this base address, until the end of the class. */
    final OpenAIClient client(OpenAIOkHttpClient.Builder builder, String address) {
        var client = builder.baseUrl(address).responseValidation(true).build();
        closing((AutoCloseable) client::close);
        return client;
    }

    /** A question to begin with. */
    static ChatCompletionCreateParams.Builder hello() {
        return ChatCompletionCreateParams.builder().model(ALIAS).addUserMessage("Hello");
    }
}
