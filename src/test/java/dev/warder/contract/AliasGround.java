package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import org.junit.jupiter.api.BeforeAll;

/** Ground of the contracts of {@code models.aliases}: one deployment for each. */
abstract class AliasGround extends GroundContract {
    static final String MESSAGES = "/v1/messages";
    static final String ENTRIES = "fast=claude-haiku-4-5;review*=claude-opus-5-5;gpt-both=claude-opus-5-5;"
            + "claude-haiku-mine=claude-opus-5-5;other=claude-x;plain=*";

    Container container;

    /** What is deployed in addition to {@link #ENTRIES}. */
    abstract Deployment configured(Deployment aliases) throws Exception;

    @BeforeAll
    final void deploy() throws Exception {
        container = ground.container("aliases", configured(ground.usual().with("models.aliases", ENTRIES)));
    }

    final RawRequest request(String method, String target) {
        return Ground.request(container, method, target).field("x-api-key", Contract.ACCESS_TOKEN);
    }

    final RawRequest post(String path) {
        return request("POST", path);
    }

    final RawResponse send(RawRequest request) throws Exception {
        return Ground.send(container, request);
    }

    static String streaming(String model) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":9,\"stream\":true}";
    }
}
