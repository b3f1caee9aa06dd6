from django.urls import path

from surveys.views import (
    answer_ways,
    answering,
    building,
    calling,
    campaigns,
    collectors,
    editing,
    exporting,
    frame_editing,
    importing,
    mailings,
    phone_lists,
    phoning,
    planning,
    previewing,
    quality,
    question_editing,
    response_imports,
    rewards,
    staff,
    unsubscribing,
)

app_name = "surveys"

urlpatterns = [
    # For staff.
    path("surveys/", staff.survey_list, name="list"),
    path("surveys/new/", editing.new_survey, name="new"),
    path("surveys/import/", importing.import_page, name="import"),
    path("surveys/enter/", phone_lists.entry, name="entry"),
    path("surveys/<uuid:slug>/phone/", phone_lists.phone, name="phone"),
    path("surveys/<uuid:slug>/phone/begin/", phone_lists.begin, name="begin_call"),
    path("surveys/<uuid:slug>/phone/script/", phone_lists.call_script, name="call_script"),
    path("surveys/<uuid:slug>/phone/<int:pk>/", phoning.phone_call, name="phone_call"),
    path("surveys/<uuid:slug>/edit/", editing.edit_survey, name="edit"),
    path("surveys/<uuid:slug>/remove/", editing.remove_survey, name="remove"),
    path("surveys/<uuid:slug>/change/<slug:what>/", editing.change_survey, name="change"),
    path("surveys/<uuid:slug>/questions/", building.questions, name="questions"),
    path("surveys/<uuid:slug>/questions/add/", building.add_question, name="add_question"),
    path("surveys/<uuid:slug>/questions/start/", building.start, name="start_survey"),
    path("surveys/<uuid:slug>/questions/publish/", building.publish, name="publish_survey"),
    path("surveys/<uuid:slug>/questions/discard/", building.discard, name="discard_draft"),
    path("surveys/<uuid:slug>/questions/undo/<int:step>/", building.undo, name="undo_draft"),
    path("surveys/<uuid:slug>/questions/preview/", previewing.preview, name="preview"),
    path("surveys/<uuid:slug>/questions/sheet/", previewing.sheet, name="preview_sheet"),
    path("surveys/<uuid:slug>/questions/frame/", frame_editing.edit_frame, name="edit_frame"),
    path(
        "surveys/<uuid:slug>/questions/page/<slug:code>/",
        frame_editing.edit_page,
        name="edit_page",
    ),
    path(
        "surveys/<uuid:slug>/questions/page/<slug:code>/<slug:what>/",
        building.change_page,
        name="change_page",
    ),
    path(
        "surveys/<uuid:slug>/questions/q/<slug:code>/",
        question_editing.edit_question,
        name="edit_question",
    ),
    path(
        "surveys/<uuid:slug>/questions/q/<slug:code>/bank/",
        question_editing.put_into_bank,
        name="put_into_bank",
    ),
    path(
        "surveys/<uuid:slug>/questions/q/<slug:code>/<slug:what>/",
        building.change_question,
        name="change_question",
    ),
    path("surveys/<uuid:slug>/plan/", planning.plan, name="plan"),
    path("surveys/<uuid:slug>/plan/edit/", planning.edit_plan, name="edit_plan"),
    path("surveys/<uuid:slug>/plan/<slug:step>/", planning.tick, name="tick_step"),
    path("surveys/<uuid:slug>/reward/", rewards.reward, name="reward"),
    path("surveys/<uuid:slug>/reward/edit/", rewards.edit_reward, name="edit_reward"),
    path("surveys/<uuid:slug>/reward/coupons/", rewards.add_coupons, name="add_coupons"),
    path("surveys/<uuid:slug>/reward/draw/", rewards.draw, name="draw"),
    path("surveys/<uuid:slug>/reward/tell/", rewards.tell, name="tell_winners"),
    path("surveys/<uuid:slug>/ways/", collectors.collectors, name="collectors"),
    path("surveys/<uuid:slug>/ways/new/", collectors.new_collector, name="new_collector"),
    path("surveys/<uuid:slug>/ways/<int:pk>/", collectors.edit_collector, name="edit_collector"),
    path("surveys/<uuid:slug>/ways/<int:pk>/remove/", collectors.remove, name="remove_collector"),
    path("surveys/<uuid:slug>/ways/<int:pk>/mail/", mailings.mailing, name="mailing"),
    path(
        "surveys/<uuid:slug>/ways/<int:pk>/mail/edit/", mailings.edit_mailing, name="edit_mailing"
    ),
    path(
        "surveys/<uuid:slug>/ways/<int:pk>/mail/preview/", mailings.preview, name="preview_mailing"
    ),
    path("surveys/<uuid:slug>/ways/<int:pk>/mail/list/", mailings.invite_list, name="invite_list"),
    path("surveys/<uuid:slug>/ways/<int:pk>/mail/one/", mailings.invite_one, name="invite_one"),
    path(
        "surveys/<uuid:slug>/ways/<int:pk>/mail/send/<slug:what>/",
        mailings.send,
        name="send_mailing",
    ),
    path(
        "surveys/<uuid:slug>/ways/<int:pk>/mail/<int:number>/<slug:what>/",
        mailings.change_invitation,
        name="change_invitation",
    ),
    path("surveys/<uuid:slug>/ways/<int:pk>/sheet/", collectors.sheet, name="qr_sheet"),
    path("surveys/<uuid:slug>/ways/<int:pk>/qr.<slug:kind>", collectors.qr, name="qr"),
    path("surveys/<uuid:slug>/", staff.survey, name="survey"),
    path("surveys/<uuid:slug>/responses/", staff.responses, name="responses"),
    path(
        "surveys/<uuid:slug>/responses/condition/",
        staff.response_condition,
        name="response_condition",
    ),
    path("surveys/<uuid:slug>/responses/export/", exporting.export, name="export"),
    path(
        "surveys/<uuid:slug>/responses/imports/", response_imports.imports, name="response_imports"
    ),
    path(
        "surveys/<uuid:slug>/responses/imports/<uuid:key>/",
        response_imports.response_import,
        name="response_import",
    ),
    path(
        "surveys/<uuid:slug>/responses/imports/<uuid:key>/mistakes.csv",
        response_imports.mistakes_file,
        name="import_mistakes",
    ),
    path(
        "surveys/<uuid:slug>/responses/imports/<uuid:key>/<slug:what>/",
        response_imports.change_import,
        name="change_import",
    ),
    path("surveys/<uuid:slug>/responses/<uuid:key>/", staff.response, name="response"),
    path(
        "surveys/<uuid:slug>/responses/<uuid:key>/files/<slug:code>/",
        staff.answer_file,
        name="answer_file",
    ),
    path("surveys/<uuid:slug>/quality/", quality.quality, name="quality"),
    path("surveys/<uuid:slug>/quality/rules/", quality.quality_rules, name="quality_rules"),
    path("surveys/<uuid:slug>/quality/decide/", quality.decide, name="decide"),
    path("surveys/<uuid:slug>/quality/again/", quality.check_again, name="check_again"),
    path("surveys/<uuid:slug>/sending/<int:pk>/", campaigns.campaign, name="campaign"),
    path(
        "surveys/<uuid:slug>/sending/<int:pk>/<slug:what>/",
        campaigns.change_campaign,
        name="change_campaign",
    ),
    path("feedback/<int:number>/call-back/", calling.call_back, name="call_back"),
    # For customers. The open links come first: "c" is not an invitation.
    path("a/c/<str:token>/", answering.answer_openly, name="answer_openly"),
    path(
        "a/c/<str:token>/thanks/<uuid:key>-<str:mac>/", answering.open_thanks, name="open_thanks"
    ),
    path("a/embed.js", answer_ways.embed_script, name="embed_script"),
    path("a/r/<uuid:key>-<str:mac>/", answering.resume, name="resume"),
    path("a/lottery/<str:token>/", rewards.lottery, name="lottery"),
    path("a/lottery/<str:token>/tickets.txt", rewards.tickets, name="lottery_tickets"),
    path("a/<str:token>/", answering.answer, name="answer"),
    path("a/<str:token>/thanks/", answering.thanks, name="thanks"),
    path("a/<str:token>/unsubscribe/", unsubscribing.unsubscribe, name="unsubscribe"),
]
