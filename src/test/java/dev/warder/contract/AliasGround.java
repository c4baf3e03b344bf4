package dev.warder.contract;

import dev.warder.testkit.Container;
import dev.warder.testkit.Deployment;
import dev.warder.testkit.RawRequest;
import dev.warder.testkit.RawResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Ground of the contracts of {@code models.aliases}: one deployment for each. */
abstract class AliasGround extends GroundContract {
    static final String MESSAGES = "/v1/messages";
    static final String ENTRIES = "fast=claude-haiku-4-5;review*=claude-opus-5-5;gpt-both=claude-opus-5-5;"
            + "claude-haiku-mine=claude-opus-5-5;other=claude-x;plain=*";

    Container container;

    AliasGround(Container.Starter starter) {
        super(starter);
    }

    /** What is deployed in addition to {@link #ENTRIES}. */
    abstract Deployment configured(Deployment aliases, Path folder) throws Exception;

    @BeforeAll
    final void deploy(@TempDir Path folder) throws Exception {
        container = ground.container("aliases", configured(ground.usual().with("models.aliases", ENTRIES), folder));
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

    final String line(RawResponse answer) throws Exception {
        var id = Completions.id(answer);
        return ground.log()
                .await("dev.warder.access", line -> line.contains("id=" + id + " "), DeployedContract.SOON)
                .text();
    }

    static String body(String model) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":9}";
    }

    static String streaming(String model) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":9,\"stream\":true}";
    }
}
