from django.urls import path

from analytics.views import (
    home,
    keywords,
    learning,
    measure,
    problem,
    reading_quality,
    record_reading,
    reviewing,
    sentiment,
    setup,
    survey_crosstab,
    survey_results,
    survey_sharing,
    text_wording,
    topics,
)
from analytics.views.boards import pages as boards

app_name = "analytics"

urlpatterns = [
    # Parts of the dashboard, which is the home page (config.urls).
    path("dashboard/now/", home.dashboard_now, name="dashboard_now"),
    path("dashboard/period/", home.dashboard_period, name="dashboard_period"),
    # What people put together of figures, and what is there from the first day.
    path("dashboards/", boards.boards, name="boards"),
    path("dashboards/<slug:board>/", boards.board, name="board"),
    path("dashboards/<slug:board>/tiles/", boards.board_tiles, name="board_tiles"),
    path("dashboards/<slug:board>/tiles/<slug:tile>/", boards.board_tile, name="board_tile"),
    path("setup/", setup.setup, name="setup"),
    path("setup/remove-demo/", setup.remove_demo_company, name="remove_demo"),
    path("setup/make-demo/", setup.make_demo_company, name="make_demo"),
    # How texts were read, and what people say of it.
    path("review/", reviewing.review, name="review"),
    path("review/quality/", reading_quality.quality, name="reading_quality"),
    path("review/learning/", learning.learning, name="learning"),
    path("review/learning/now/", learning.learn_now, name="learn_now"),
    path("review/learning/<int:pk>/back/", learning.go_back_to, name="go_back"),
    path("review/<int:number>/card/", record_reading.review_on_record, name="review_on_record"),
    path("review/<int:number>/same/", record_reading.said_before, name="said_before"),
    path("review/<int:number>/sentences/", record_reading.read_sentences, name="read_sentences"),
    path("review/<int:number>/", reviewing.review_record, name="review_record"),
    path("review/undo/<str:key>/", reviewing.undo, name="undo_review"),
    path("text/keywords/", keywords.keywords, name="keywords"),
    path("text/keywords/texts/", keywords.keyword_texts, name="keyword_texts"),
    path("text/sentiment/", sentiment.sentiment, name="sentiment"),
    path("text/sentiment/texts/", sentiment.sentiment_texts, name="sentiment_texts"),
    path("text/words/", text_wording.wording, name="text_wording"),
    path("text/words/again/", text_wording.read_again, name="read_words_again"),
    path("text/topics/", topics.topics, name="topics"),
    path("text/topics/find/", topics.find_topics, name="find_topics"),
    path("text/topics/method/", topics.choose_method, name="topic_method"),
    path("text/topics/<int:pk>/", topics.topic, name="topic"),
    # Problems, their causes and what is done about them.
    path("improvement/problems/<int:problem_id>/", problem.problem, name="problem"),
    path("improvement/measures/<int:measure_id>/", measure.measure, name="measure"),
    # Pages of a survey (analytics.apps registers them).
    path("surveys/<uuid:slug>/results/", survey_results.results, name="survey_results"),
    path(
        "surveys/<uuid:slug>/results/condition/",
        survey_results.results_condition,
        name="survey_results_condition",
    ),
    path(
        "surveys/<uuid:slug>/results/news/",
        survey_results.results_news,
        name="survey_results_news",
    ),
    path("surveys/<uuid:slug>/results/share/", survey_sharing.share, name="survey_share"),
    path(
        "surveys/<uuid:slug>/results/share/<int:pk>/withdraw/",
        survey_sharing.withdraw,
        name="withdraw_share",
    ),
    # Where these pages were before.
    path("surveys/<uuid:slug>/analysis/", survey_results.moved, name="survey_analysis"),
    path(
        "surveys/<uuid:slug>/analysis/condition/",
        survey_results.moved,
        {"page": "condition"},
        name="survey_analysis_condition",
    ),
    path(
        "surveys/<uuid:slug>/analysis/share/",
        survey_results.moved,
        {"page": "share"},
        name="survey_analysis_share",
    ),
    path("surveys/<uuid:slug>/crosstab/", survey_crosstab.crosstab, name="survey_crosstab"),
    path("results/<str:token>/", survey_sharing.shared_results, name="shared_results"),
]
