# The door: nginx's dynamic module. nginx-dev has headers and a configure script; configured once, they give the headers
# that hold Debian's build signature. Our own rules compile the module, so that it is rebuilt only when something changed.

NGINX_SRC   ?= /usr/share/nginx/src
# Named after the headers' sum, so that an update of Debian's nginx configures and compiles again.
NGINX_TREE  := $(BUILD)/nginx-$(shell find $(NGINX_SRC) -name '*.h' -o -name conf_flags | LC_ALL=C sort | xargs cat 2>/dev/null | cksum | tr -dc '0-9')
NGINX_READY := $(NGINX_TREE)/objs/ngx_auto_config.h
NGINX_INC   := $(addprefix -isystem $(NGINX_TREE)/,src/core src/event src/event/modules src/os/unix src/http src/http/modules src/http/v2 objs)
DOOR_SRC    := $(sort $(wildcard src/net/nginx/*.c))
DOOR_OBJ    := $(DOOR_SRC:%.c=$(BUILD)/obj/%.o)
# The apps that stand behind it, one chosen by its settings.
DOOR_APPS   := $(patsubst %,$(BUILD)/obj/src/cmd/%.o,apps door window_pages window_devices window_scan review_pages)
DOOR_LINK    = $(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-z,relro,-z,now -Wl,--as-needed \
               -Wl,--version-script=src/net/nginx/exports.map

.PHONY: door
all: door
door: $(BUILD)/ngx_http_mado_module.so ## Build nginx's module alone

$(NGINX_READY):
	@[ -e $(NGINX_SRC)/conf_flags ] || { echo "nginx-dev がありません: ./setup / nginx-dev is missing: ./setup"; exit 1; }
	@rm -rf $(NGINX_TREE) && mkdir -p $(NGINX_TREE)
	$(Q)cp -rs $(NGINX_SRC)/. $(NGINX_TREE)
	$(Q)cd $(NGINX_TREE) && env -u CC bash -c '. ./conf_flags && bash ./configure "$${NGX_CONF_FLAGS[@]}"' >configure.log 2>&1 \
	    || { cat configure.log; exit 1; }
	@touch $@

$(DOOR_OBJ): $(BUILD)/obj/%.o: %.c $(NGINX_READY)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) $(NGINX_INC) -MMD -MP -c -o $@ $<

$(BUILD)/ngx_http_mado_module.so: $(DOOR_OBJ) $(DOOR_APPS) $(BUILD)/libmado.a src/net/nginx/exports.map
	$(Q)$(DOOR_LINK) -o $@ $(DOOR_OBJ) $(DOOR_APPS) $(BUILD)/libmado.a $(LIBS)

# The same module around an app that answers in every way there is, for tests/peers/door.sh.
$(BUILD)/tests/ngx_http_mado_module.so: $(DOOR_OBJ) $(BUILD)/obj/tests/lib/http_test_app.o $(BUILD)/libmado.a src/net/nginx/exports.map
	@mkdir -p $(@D)
	$(Q)$(DOOR_LINK) -o $@ $(DOOR_OBJ) $(BUILD)/obj/tests/lib/http_test_app.o $(BUILD)/libmado.a $(LIBS)

.PHONY: door-test
CHECK_PARTS += door-test
door-test: all $(BUILD)/tests/ngx_http_mado_module.so ## The door against curl, openssl and ab
	@tests/peers/door.sh $(BUILD)

# nginx's pools hide what ends where inside them; what the module and the library own is seen.
.PHONY: door-sanitize
TEST_PARTS += door-sanitize
door-sanitize: ## The same with AddressSanitizer inside Debian's nginx
	@$(MAKE) --no-print-directory BUILD=build/sanitize-door CC=gcc CFLAGS='-O1 -g' SAN='-fsanitize=address,undefined -fno-sanitize-recover=all' \
	    all build/sanitize-door/tests/ngx_http_mado_module.so
	@PRELOAD="$$(gcc -print-file-name=libasan.so) $$(gcc -print-file-name=libubsan.so)" tests/peers/door.sh build/sanitize-door
