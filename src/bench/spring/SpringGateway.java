package dev.warder.bench;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;

/** Spring Cloud Gateway on Netty as a peer of the load benchmark; options on the command line state its port and route. */
@SpringBootConfiguration
@EnableAutoConfiguration
public class SpringGateway {

    /** Serves until the process ends. */
    public static void main(String[] args) {
        SpringApplication.run(SpringGateway.class, args);
    }
}
