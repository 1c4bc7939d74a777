#include "cmd/apps.h"

const struct http_app *const http_apps[] = {&app_centre, &app_window, &app_review, NULL};
