from django.urls import path

from feedback.views import (
    bulk,
    changes,
    customers,
    drafts,
    messages,
    new,
    notifications,
    public_form,
    queue,
    record,
    reply,
    search,
    service_levels,
    status_page,
    tasks,
    together,
    working_hours,
)

app_name = "feedback"


urlpatterns = [
    # Lists that staff work through.
    path("queue/", queue.queue, name="queue"),
    path("queue/filters/", queue.queue_filters, name="queue_filters"),
    path("queue/news/", queue.queue_news, name="queue_news"),
    path("queue/bulk/", bulk.bulk, name="bulk"),
    path("queue/bulk/menus/", bulk.bulk_menus, name="bulk_menus"),
    path("queue/presence/", together.queue_presence, name="queue_presence"),
    path("search/", search.search, name="search"),
    path("search/filters/", search.search_filters, name="search_filters"),
    path("undo/<str:key>/", bulk.undo_last, name="undo"),
    # One record.
    path("feedback/new/", new.new, name="new"),
    path("feedback/new/customers/", new.find_customer, name="find_customer"),
    path("feedback/<int:number>/", record.record, name="record"),
    path("feedback/<int:number>/news/", record.record_news, name="record_news"),
    path("feedback/<int:number>/write/", reply.compose, name="compose"),
    path("feedback/<int:number>/draft/", drafts.draft, name="draft"),
    path("feedback/<int:number>/draft/files/", drafts.draft_files, name="draft_files"),
    path("feedback/<int:number>/drafts/<int:pk>/copy/", drafts.take_over, name="take_over_draft"),
    path("feedback/<int:number>/scheduled/<int:pk>/", drafts.scheduled, name="scheduled"),
    path("feedback/<int:number>/templates/", reply.templates, name="templates"),
    path("feedback/<int:number>/change/<slug:what>/", changes.change, name="change"),
    path("feedback/<int:number>/choices/<slug:what>/", changes.choices, name="choices"),
    path("feedback/<int:number>/tasks/", tasks.plan, name="plan_task"),
    path("feedback/<int:number>/messages/<int:message_id>/", messages.message, name="message"),
    path(
        "feedback/<int:number>/messages/<int:message_id>/html/",
        messages.message_html,
        name="message_html",
    ),
    path("feedback/<int:number>/messages/<int:message_id>/recall/", reply.recall, name="recall"),
    path("attachments/<uuid:key>/", messages.attachment, name="attachment"),
    # Working together.
    path("feedback/<int:number>/together/", together.together, name="together"),
    path("feedback/<int:number>/following/", together.following, name="following"),
    path("feedback/<int:number>/mentionable/", together.mentionable, name="mentionable"),
    path("feedback/<int:number>/presence/", together.presence, name="presence"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/bell/", notifications.bell, name="bell"),
    path("notifications/read/", notifications.read, name="read_notifications"),
    path("notifications/settings/", notifications.settings, name="notification_settings"),
    # Tasks.
    path("tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/done/", tasks.task_done, name="task_done"),
    path("tasks/<int:pk>/postpone/", tasks.task_postpone, name="task_postpone"),
    path("tasks/<int:pk>/give/", tasks.task_give, name="task_give"),
    # Customers, as staff see them.
    path("customers/", customers.customers, name="customers"),
    path("customers/<int:pk>/", customers.customer, name="customer"),
    path("customers/<int:pk>/edit/", customers.edit_customer, name="edit_customer"),
    path("customers/<int:pk>/contacts/", customers.add_contact, name="add_contact"),
    path(
        "customers/<int:pk>/contacts/<int:contact_id>/",
        customers.change_contact,
        name="change_contact",
    ),
    path("customers/<int:pk>/contacting/", customers.contacting, name="contacting"),
    path("customers/<int:pk>/consents/", customers.consent, name="consent"),
    # What is promised, and when people work.
    path("service-levels/", service_levels.service_levels, name="service_levels"),
    path("service-levels/new/", service_levels.new_policy, name="new_policy"),
    path("service-levels/<int:pk>/", service_levels.policy, name="policy"),
    path("service-levels/<int:pk>/edit/", service_levels.edit_policy, name="edit_policy"),
    path(
        "service-levels/<int:pk>/<slug:what>/", service_levels.change_policy, name="change_policy"
    ),
    path("working-hours/new/", working_hours.new_calendar, name="new_calendar"),
    path("working-hours/<int:pk>/", working_hours.calendar, name="calendar"),
    path("working-hours/<int:pk>/edit/", working_hours.edit_calendar, name="edit_calendar"),
    path("working-hours/<int:pk>/days/", working_hours.add_day, name="add_day"),
    path("working-hours/<int:pk>/import/", working_hours.import_holidays, name="import_days"),
    path("working-hours/<int:pk>/remove/", working_hours.take_away, name="remove_calendar"),
    path("working-hours/days/<int:pk>/<slug:what>/", working_hours.change_day, name="change_day"),
    # What customers open.
    path("write/", public_form.feedback_form, name="form"),
    path("write/thanks/<str:token>/", public_form.thanks, name="thanks"),
    path("s/<str:token>/", status_page.status_page, name="status_page"),
    path("s/<str:token>/close/", status_page.close, name="close"),
    path("s/<str:token>/files/<uuid:key>/", status_page.file, name="status_file"),
]
