package dev.warder.contract;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.service.TokenStream;
import dev.warder.testkit.Container;
import dev.warder.testkit.SecretWatch;

/** Ground of the contracts of LangChain4j: programs, their tools, and the errors that they catch. */
abstract class LangChain4jGround extends OpenAiGround {
    LangChain4jGround(Container.Starter starter) {
        super(starter);
    }

    /** A program that waits for whole responses. */
    public interface Assistant {
        String chat(String message);
    }

    /** A program that reads streams. */
    public interface Narrator {
        TokenStream chat(String message);
    }

    /** A program that wants an object. */
    public interface Registrar {
        Person find(String message);
    }

    /** The object that a structured response is read into. */
    public record Person(String name, int born) {}

    /** The program's tools. */
    public static final class Tools {
        @Tool("The weather in a city")
        public String weather(String city) {
            return weatherIn(city);
        }

        @Tool("What time it is")
        public String clock() {
            return "It is noon.";
        }
    }

    static LangChain4jException raisedBy(ChatModel model) {
        var raised = catchThrowableOfType(LangChain4jException.class, () -> model.chat("Hello"));
        SecretWatch.check("an error of LangChain4j", String.valueOf(raised));
        return raised;
    }

    static Class<? extends LangChain4jException> exceptionFor(int status) {
        return switch (status) {
            case 400 -> InvalidRequestException.class;
            case 404 -> ModelNotFoundException.class;
            case 429 -> RateLimitException.class;
            default -> InternalServerException.class;
        };
    }
}
